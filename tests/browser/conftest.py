"""One browser for all tests of the pages, and one report of each kind to look at."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from piqa_cli.cli.main import app
from tests.browser.browsing import Visit, browser
from tests.browser.runs import QUALITY, SCENES, hostile_run, lab_run, large_run, many_devices_run


@pytest.fixture(scope="session")
def chromium():
    with browser() as opened:
        yield opened


@pytest.fixture
def visit(chromium):
    """A fresh page; afterwards it must not have complained, nor asked the network."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(10_000)
    visited = Visit(context.new_page())
    yield visited
    context.close()
    assert visited.complaints == []
    assert visited.foreign() == []


@pytest.fixture(scope="session")
def reports(tmp_path_factory) -> dict[str, Path]:
    """The folder of pages of every command that writes some."""
    root = tmp_path_factory.mktemp("runs")
    lab, other = lab_run(root / "lab"), lab_run(root / "other", better="Dune Lite")
    csv_file(root / "scores.csv", "path", "scene", "device", "score")
    csv_file(root / "truth.csv", "path", "scene", "device", "jod")
    call("rank", "--scores", root / "scores.csv", "--scale", "jod", "-o", root / "given")
    call("compare", lab, other, "-o", root / "compared")
    call("history", "Dune Lite", lab, other, "-o", root / "history" / "trend.html")
    call("evaluate", lab, "--truth", root / "truth.csv", "-o", root / "evaluated")
    return {
        "lab": lab / "report",
        "hostile": hostile_run(root / "hostile") / "report",
        "large": large_run(root / "large") / "report",
        "many": many_devices_run(root / "many") / "report",
        "given": root / "given" / "report",
        "compared": root / "compared" / "report",
        "history": root / "history",
        "evaluated": root / "evaluated",
    }


def call(*arguments: object) -> None:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code in (0, 6), done.output


def csv_file(file: Path, *head: str) -> None:
    """Scores or ratings of the captures of `lab_run`: the devices' quality, without chance."""
    with file.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(head)
        for scene in SCENES:
            for place, (device, quality) in enumerate(QUALITY.items()):
                for take in (1, 2):
                    path = f"{scene}/{device}/{take}.jpg"
                    table.writerow((path, scene, device, quality + 0.1 * take * (place - 1)))
