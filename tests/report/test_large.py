"""Runs with very many captures: the first page, slices, and pages that are made when asked for."""

import shutil

import pytest
from typer.testing import CliRunner

from piqa_cli.cli.main import app
from piqa_cli.errors import PiqaError
from piqa_cli.report import large, render
from piqa_cli.report.large import Wanted
from piqa_cli.report.output.single_file import render_single_file
from piqa_cli.report.render import render_report
from piqa_cli.runs.table_set import load_run
from tests.browser.runs import lab_run
from tests.report.ranked import ranked_site


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run that is large where 3 captures are many: 2 lines, 2 cells and 1 pair fit a page."""
    ranked_site(tmp_path / "run")
    for name, value in {"LARGE_CAPTURES": 3, "CAPTURES_SHOWN": 2}.items():
        monkeypatch.setattr(large, name, value)
    monkeypatch.setattr(render, "CAPTURES_SHOWN", 2)
    monkeypatch.setattr("piqa_cli.report.home.page.CELLS_SHOWN", 2)
    monkeypatch.setattr("piqa_cli.report.pairs.page.PAIRS_SHOWN", 1)
    return tmp_path / "run"


def pages_of(run):
    report = run / "report"
    return {f.relative_to(report).as_posix(): f.read_text() for f in report.rglob("*.html")}


def test_pages_of_scenes_and_devices_say_how_they_are_made(run):
    render_report(run)
    pages = pages_of(run)
    small = set(pages)
    (scene, *_) = [name for name in pages if name.startswith("scenes/")]
    (device, *_) = [name for name in pages if name.startswith("device-")]
    assert "piqa-cli report RUN --scene " in pages[scene]
    assert "piqa-cli report RUN --device " in pages[device]
    assert "piqa-cli report RUN --all-pages" in pages[device]
    assert "when they are asked for" in pages["index.html"]
    assert "cells are too many for this page" in pages["index.html"]
    assert 'class="heat' not in pages["index.html"]
    assert "pair-data" not in pages["pairs.html"]
    assert "too many pairs to choose" in pages["pairs.html"]
    assert pages["captures.html"].count('class="c-scene"') == 2
    assert "Here are the first 2 in that order" in pages["captures.html"]
    render_report(run, wanted=Wanted(every=True))
    assert set(pages_of(run)) == small
    assert not any("Not made yet" in text for text in pages_of(run).values())


def test_holes_of_the_heat_map_count_as_cells(run, monkeypatch):
    ranks = len(load_run(run).tables.scene_ranks)
    monkeypatch.setattr("piqa_cli.report.home.page.CELLS_SHOWN", ranks)
    render_report(run)
    assert f"{ranks + 1} cells are too many for this page" in pages_of(run)["index.html"]


def test_named_pages_are_those_of_a_small_run(run, monkeypatch):
    render_report(run, wanted=Wanted(scenes=("Bar",), devices=("Aster",)))
    some = pages_of(run)
    made = {name for name, text in some.items() if "Not made yet" not in text}
    assert {n for n in made if n.startswith(("scenes/", "device-"))} == {
        "scenes/bar.html",
        "device-aster.html",
    }
    monkeypatch.setattr(large, "LARGE_CAPTURES", 1000)
    render_report(run)
    for name in ("scenes/bar.html", "device-aster.html"):
        assert pages_of(run)[name] == some[name]


def test_one_file_has_the_pages_that_are_asked_for(run):
    made = render_single_file(run, wanted=Wanted(scenes=("Bar",))).path.read_text()
    none = render_single_file(run).path.read_text()
    assert none.count("Not made yet") - made.count("Not made yet") == 1


def test_pages_of_further_models_are_made_as_well(run, monkeypatch):
    shutil.copytree(run, run / "models" / "other")
    monkeypatch.setattr("piqa_cli.runs.folder.runs_of_models", lambda _: [run / "models" / "other"])
    done = CliRunner().invoke(app, ["report", str(run), "--scene", "Bar"])
    assert done.exit_code == 0, done.output
    assert "Not made yet" not in pages_of(run / "models" / "other")["scenes/bar.html"]


def test_the_command_names_the_pages_that_it_made(run, monkeypatch):
    def made(*words):
        done = CliRunner().invoke(app, ["report", str(run), *words])
        assert done.exit_code == 0, done.output
        rest = [line for line in done.stdout.splitlines() if not line.startswith("report ")]
        return [line.removeprefix(f"page    {run}/report/") for line in rest]

    assert made() == []
    assert made("--scene", "Bar", "--device", "Aster") == ["scenes/bar.html", "device-aster.html"]
    monkeypatch.setattr("piqa_cli.cli.report._PAGES_SHOWN", 1)
    pages = [name for name in pages_of(run) if name.startswith(("scenes/", "device-"))]
    assert made("--all-pages")[1:] == [f"        and {len(pages) - 1} more"]


def test_names_that_the_run_lacks_are_one_line(run):
    with pytest.raises(PiqaError, match="--device 'Astre': the run has no such device; did you"):
        render_report(run, wanted=Wanted(devices=("Astre",)))


def test_pages_are_the_same_where_captures_stay_columns(tmp_path, monkeypatch):
    lab_run(tmp_path / "run")
    render_report(tmp_path / "run")
    usual = pages_of(tmp_path / "run")
    monkeypatch.setattr("piqa_cli.runs.capture_rows.MANY_ROWS", 0)
    render_report(tmp_path / "run")
    assert pages_of(tmp_path / "run") == usual
