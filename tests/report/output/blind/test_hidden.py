"""Blind pages without scores: they would be the same if the scores were others."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from piqa_cli.cli.main import app
from piqa_cli.records import Box, Face
from piqa_cli.report import large, render
from piqa_cli.report.large import Wanted
from piqa_cli.report.output.blind.hidden import without_scores
from piqa_cli.report.output.blind.load import blinded
from piqa_cli.report.output.reveal import REVEAL_FILE
from piqa_cli.report.output.single_file import render_single_file
from piqa_cli.report.render import picture_source, render_report, report_files
from piqa_cli.runs.crops import Crops, crop_boxes, place_note, save_crop
from piqa_cli.runs.differing import Difference
from piqa_cli.runs.notes import Note, Notes
from piqa_cli.runs.pictures import PictureSource
from piqa_cli.runs.table_set import load_run
from tests.report.test_render import Page
from tests.runs.samples import device_rank, facts_of, scene_rank, scored

PHONES = ("kestrin", "orvane", "halmeva")
SCENES = ("garden", "hall")


@pytest.fixture
def run_with(make_run):
    """Makes a run of three phones with the scores that are given, best first."""

    def make(name: str, qualities: tuple[float, ...]):
        place = {phone: n for n, phone in enumerate(PHONES)}
        of = dict(zip(PHONES, qualities, strict=True))
        order = sorted(PHONES, key=lambda phone: -of[phone])
        results = [
            replace(
                scored(scene, phone, of[phone], take=take),
                facts=facts_of(f"{SCENES.index(scene) * 100 + place[phone] * 10 + take:064x}"),
            )
            for scene in SCENES
            for phone in PHONES
            for take in (1, 2)
        ]
        ranks = [
            scene_rank(scene, phone, of[phone], n + 1) for scene in SCENES
            for n, phone in enumerate(order)
        ]  # fmt: skip
        devices = [device_rank(phone, of[phone], n + 1) for n, phone in enumerate(order)]
        return make_run(name, results=results, scene_ranks=ranks, device_ranks=devices)

    return make


def pages_of(folder):
    """All files of the report, the digest of the tables, which letters follow, held fixed."""
    run = load_run(folder)
    run = replace(
        run,
        info={**run.info, "files": {"captures.parquet": "5e" * 32}},
        notes=Notes((Note("garden", "kestrin", "", "", "By far the worst", "", "open"),), ""),
    )
    shown, key = blinded(run)
    hidden = without_scores(shown, key)
    return report_files(hidden, picture_source(hidden, "full"))


def test_other_scores_make_the_same_pages(run_with):
    one, other = run_with("one", (9.876, 5.432, 1.234)), run_with("other", (2.345, 6.543, 8.765))
    assert pages_of(one) == pages_of(other)
    assert "1.23" in render_report(one).with_name("captures.html").read_text()


def test_pages_that_are_nothing_but_ranks_are_not_there(run_with):
    pages = {name for name in pages_of(run_with("one", (3.0, 2.0, 1.0))) if name.endswith("html")}
    assert pages == {"index.html", "captures.html", "scenes/garden.html", "scenes/hall.html"}


def test_no_crop_tells_which_capture_of_a_scene_is_the_best(run_with, monkeypatch):
    crop = Difference("5e" * 32, (0, 0, 9, 9), (0, 0, 9, 9))
    found = PictureSource(frozenset({"a"}), differences={"a": crop})
    monkeypatch.setattr(PictureSource, "in_folder", lambda *_, **__: found)
    run = load_run(run_with("one", (3.0, 2.0, 1.0)))
    assert picture_source(run, "full").differences
    hidden = replace(run, info={**run.info, "scores_hidden": True})
    assert not picture_source(hidden, "full").differences


@pytest.mark.parametrize("rows", [2, 1])
def test_crops_are_shown_where_every_capture_has_them(make_run, rows):
    folder = make_run("run", results=[_with_face(n) for n in range(2)])
    run = load_run(folder)
    for row in run.tables.captures[:rows]:
        crops = Crops(row.sha256, row.face_box, crop_boxes(row.face_box, width=384, height=384), "")
        for kind, box in crops.boxes.items():
            pixels = np.zeros((8, 8, 3), np.uint8)
            save_crop(pixels, folder / "pictures" / crops.names[kind], place_note(box).encode())
    hidden = replace(run, info={**run.info, "scores_hidden": True})
    shown = {name for name in picture_source(hidden, "full").names if "crop" in name}
    assert len(shown) == (4 if rows == 2 else 0)


def _with_face(number):
    face = Face(Box(10.0, 10.0, 50.0, 60.0), 0.9, 1, "detect")
    facts = facts_of(f"{number:064x}")
    return replace(scored("hall", PHONES[number], 1.0), face=face, facts=facts)


def test_a_large_run_has_its_scenes_when_they_are_asked_for(run_with, monkeypatch):
    monkeypatch.setattr(large, "LARGE_CAPTURES", 3)
    monkeypatch.setattr(render, "CAPTURES_SHOWN", 2)
    wanted = Wanted(scenes=("garden",))
    folder = run_with("one", (3.0, 2.0, 1.0))
    report = render_report(folder, blind=True, hide_scores=True, wanted=wanted).parent
    pages = {f.relative_to(report).as_posix(): f.read_text() for f in report.rglob("*.html")}
    assert sorted(pages) == [
        "captures.html",
        "index.html",
        "scenes/garden.html",
        "scenes/hall.html",
    ]
    assert "Not made yet" not in pages["scenes/garden.html"]
    assert "report RUN --blind --hide-scores --scene hall" in pages["scenes/hall.html"]
    assert "--device" not in pages["scenes/hall.html"]
    assert ".parquet" not in pages["captures.html"]


def test_opinions_of_people_are_left_out(run_with):
    files = pages_of(run_with("one", (3.0, 2.0, 1.0)))
    assert [name for name, text in files.items() if "By far the worst" in text] == []


def test_the_key_file_knows_names_ranks_and_scores_and_lies_outside_the_pages(run_with):
    folder = run_with("one", (3.0, 2.0, 1.0))
    page = render_report(folder, blind=True, hide_scores=True)
    held = json.loads((folder / REVEAL_FILE).read_text())
    assert f'data-key="{held["key"]}"' in page.read_text()
    assert sorted(held["devices"].values()) == sorted(PHONES)
    first = held["pages"]["scenes/hall.html"]["rows"][0]
    assert first[1:4] == ["kestrin", "1", "3.00"]
    assert held["devices"][first[0]] == "kestrin"
    assert "kestrin is clearly best" in held["pages"]["index.html"]["headline"]
    assert not list((folder / "report").rglob(REVEAL_FILE))


def test_no_link_leads_to_a_page_that_is_left_out(run_with):
    page = render_report(run_with("one", (3.0, 2.0, 1.0)), blind=True, hide_scores=True)
    report = page.parent
    for file in report.rglob("*.html"):
        links = [link.partition("#")[0] for link in Page(file).values("href")]
        assert [n for n in links if n.endswith("html") and not (file.parent / n).exists()] == []


def test_one_file_hides_scores_too(run_with):
    text = render_single_file(
        run_with("one", (9.876, 5.432, 1.234)), blind=True, hide_scores=True
    ).path.read_text()
    assert [word for word in ("kestrin", "9.88", "5.43", "1.23") if word in text] == []


def test_older_views_with_scores_do_not_stay_beside_pages_without(run_with):
    folder = run_with("one", (3.0, 2.0, 1.0))
    for options in (["--blind", "--single-file"], ["--blind", "--hide-scores"]):
        done = CliRunner().invoke(app, ["report", str(folder), *options])
        assert done.exit_code == 0, done.output
    assert "removed" in done.stderr
    assert not (folder / "report.html").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "goes with --blind"),
        (["--blind", "--brief"], "--brief shows the ranking"),
        (["--blind", "--pdf", "brief"], "--pdf brief shows the ranking"),
        (["--blind", "--figures", "svg"], "--figures shows the ranking"),
        (["--blind", "--device", "A"], "--device"),
    ],
)
def test_what_shows_ranks_is_refused(tmp_path, options, words):
    done = CliRunner().invoke(app, ["report", str(tmp_path), "--hide-scores", *options])
    assert done.exit_code == 2
    assert words in done.stderr
