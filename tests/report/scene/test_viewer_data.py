"""The data of the viewer, as the page of a scene has it; tests/browser tries the viewer itself."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from piqa_cli.records import Box
from piqa_cli.report.render import render_report
from piqa_cli.resources import resource_dir
from piqa_cli.runs.pictures import save_pictures
from tests.runs.samples import GIVEN, scene_rank, scored, with_interval


def data(folder: Path, scene: str = "hall") -> list[dict[str, object]]:
    render_report(folder)
    page = (folder / f"report/scenes/{scene}.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="viewer-data">(.*?)</script>', page)
    assert found
    return json.loads(found[1])["devices"]


def test_devices_stand_in_their_order_with_their_takes(make_run):
    results = [scored("Hall", "A", 2.0), scored("Hall", "A", 1.8, take=2), scored("Hall", "B", 1.0)]
    ranks = [
        with_interval(scene_rank("Hall", "A", 1.9, 1)),
        replace(with_interval(scene_rank("Hall", "B", 1.0, 2)), rank_high=3),
    ]
    first, second = data(make_run(results=results, scene_ranks=ranks))
    assert (first["slug"], first["name"], first["ranks"]) == ("d-a", "A", "1")
    assert (second["ranks"], second["score"]) == ("2–3", "1.00")
    assert second["interval"] == "95 %: 0.80 to 1.20"
    takes = first["takes"]
    assert [(take["name"], take["score"]) for take in takes] == [
        ("take 1", "2.00"),
        ("take 2", "1.80"),
    ]


def test_faces_are_shares_of_the_picture_whatever_its_size(make_run):
    small, large = scored("Hall", "A", 2.0), scored("Hall", "B", 1.0)
    large = replace(
        large,
        facts=replace(large.facts, width_px=8000, height_px=6000),
        face=replace(large.face, box=Box(200.0, 400.0, 600.0, 1000.0)),
    )
    first, second = data(make_run(results=[small, large]))
    assert first["takes"][0]["face"] == [0.05, 0.11667, 0.1]
    assert second["takes"][0]["face"] == first["takes"][0]["face"]


def test_no_face_and_no_picture_are_none(make_run):
    devices = data(make_run(results=[scored("Hall", "A", 2.0, face=False), scored("Hall", "B", 1)]))
    take = devices[0]["takes"][0]
    assert (take["face"], take["full"], take["thumb"]) == (None, None, None)


def test_pictures_are_found_from_where_the_page_lies(make_run):
    shot = scored("Hall", "A", 2.0)
    folder = make_run(results=[shot, scored("Hall", "B", 1.0)])
    pixels = np.zeros((40, 60, 3), np.uint8)
    save_pictures(pixels, shot.facts.sha256, folder / "pictures")
    take = data(folder)[0]["takes"][0]
    assert (folder / "report/scenes" / str(take["full"])).resolve().is_file()
    assert (folder / "report/scenes" / str(take["thumb"])).resolve().is_file()
    assert (take["width"], take["height"]) == (1800, 1350)


def test_a_spread_of_the_crops_is_said(make_run):
    assert data(make_run())[0]["takes"][0]["remark"].startswith("spread of the crops 0.1")


def test_every_script_that_a_scene_names_is_there_and_hidden_without_script(make_run):
    folder = make_run()
    page = render_report(folder).parent / "scenes/hall.html"
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"assets/(viewer[a-z_.]+)", text)
    assert set(named) == {
        file.name for file in (resource_dir("templates") / "scene").glob("viewer*[!2]")
    }
    assert all((page.parent.parent / "assets" / name).is_file() for name in named)
    assert re.search(r'<section class="viewer"[^>]* hidden>', text)
    assert "<h2>Pictures</h2>" in text


def test_given_scores_have_no_viewer(make_run):
    folder = make_run(source=GIVEN)
    render_report(folder)
    assert "viewer" not in (folder / "report/scenes/hall.html").read_text(encoding="utf-8")
