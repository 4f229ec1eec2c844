"""Rows of regions on a scene's page: where they lie, and from which pixels they are."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from piqa_cli.records import Box, Region, SceneInfo
from piqa_cli.report.output.single_file import render_single_file
from piqa_cli.report.render import render_report
from piqa_cli.runs.crops import Crops, crop_boxes, place_note, save_crop
from piqa_cli.runs.pictures import save_pictures
from tests.runs.samples import scene_rank, scored

PIXELS = np.random.default_rng(2).integers(0, 256, (300, 400, 3), np.uint8)
REGIONS = (
    Region("eyes", 0.25, 0.25, 0.75, 0.5, "face"),
    Region("wall", 0.5, 0.0, 1.0, 0.5),
)


@pytest.fixture
def run(make_run):
    """Two devices of 4000 x 3000 px; A has crops, B no face."""
    shots = [scored("Hall", "A", 2.0), scored("Hall", "B", 1.0, face=False)]
    shots = [
        replace(shot, facts=replace(shot.facts, width_px=4000, height_px=3000)) for shot in shots
    ]
    box = Box(2000.0, 1000.0, 2400.0, 1400.0)
    shots[0] = replace(shots[0], face=replace(shots[0].face, box=box))
    folder = make_run(results=shots, scenes={"Hall": SceneInfo("Hall", regions=REGIONS)})
    for shot in shots:
        save_pictures(PIXELS, shot.facts.sha256, folder / "pictures")
    boxes = crop_boxes(box, width=4000, height=3000)
    names = Crops(shots[0].facts.sha256, box, boxes, "Hall").names
    for kind, place in boxes.items():
        pixels = np.resize(PIXELS, (place[3] - place[1], place[2] - place[0], 3))
        save_crop(pixels, folder / "pictures" / names[kind], place_note(place).encode())
    return folder


def page(folder):
    render_report(folder)
    return (folder / "report/scenes/hall.html").read_text(encoding="utf-8")


def test_a_region_within_a_crop_shows_original_pixels_else_the_preview(run):
    eyes, wall = page(run).split('class="region-row"')[1:3]
    assert eyes.count("-facecrop") == 1
    assert "original pixels" in eyes
    assert "no face found" in eyes
    # 200 x 100 px of a crop of 640 that begins 320 px to the left of the face's middle
    assert "left:-110.00%;top:-220.00%;width:320.00%;height:640.00%" in eyes
    assert wall.count("1350 px preview") == 2
    assert wall.count("left:-100.00%;top:0.00%;width:200.00%;height:200.00%") == 2


def test_the_viewer_knows_regions_and_crops(run):
    text = page(run).partition('id="viewer-data">')[2].partition("</script>")[0]
    data = json.loads(text)
    assert [region["name"] for region in data["regions"]] == ["eyes", "wall"]
    take = data["devices"][0]["takes"][0]
    assert take["original"] == [4000, 3000]
    assert take["spots"]["facecrop"] == [0.47, 0.29333, 0.63, 0.50667]
    assert (run / "report/scenes" / take["crops"]["facecrop"]).resolve().is_file()
    assert data["devices"][1]["takes"][0]["crops"] == {}


def test_a_run_keeps_regions_and_a_blind_page_hides_names_in_them(run, make_run):
    info = json.loads((run / "run.json").read_text(encoding="utf-8"))
    assert info["scenes"]["Hall"]["regions"][1] == {
        "name": "wall",
        "x0": 0.5,
        "y0": 0.0,
        "x1": 1.0,
        "y1": 0.5,
        "to": "frame",
    }
    scenes = {"Hall": SceneInfo("Hall", regions=(Region("Kestrin K2 flare", 0, 0, 1, 1),))}
    shots = [scored("Hall", "Kestrin K2", 2.0), scored("Hall", "Orvane V9", 1.0)]
    ranks = [scene_rank("Hall", "Kestrin K2", 2.0, 1), scene_rank("Hall", "Orvane V9", 1.0, 2)]
    folder = make_run(results=shots, scenes=scenes, scene_ranks=ranks)
    render_report(folder, blind=True)
    text = (folder / "report/scenes/hall.html").read_text(encoding="utf-8")
    assert "Kestrin" not in text
    assert "flare" not in text
    assert "hidden" in text.partition('class="region-name"')[2][:60]


def test_a_single_file_leaves_out_crops_before_it_shrinks_pictures(run):
    whole = render_single_file(run)
    assert "-facecrop" in whole.path.read_text(encoding="utf-8")
    less = render_single_file(run, max_mb=(whole.bytes - 1000) / 1e6)
    assert less.shortfall.endswith(": the pictures as they were scored instead")
    assert "-facecrop" not in less.path.read_text(encoding="utf-8")
