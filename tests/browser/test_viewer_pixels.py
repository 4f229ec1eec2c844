"""The viewer at 100 %: original pixels, what is said of them, regions, copies and links."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from piqa_cli.records import Box, Region, SceneInfo
from piqa_cli.report.output.single_file import render_single_file
from piqa_cli.runs.crops import DIFFERENCE_KINDS, Crops, crop_boxes, place_note, save_crop
from piqa_cli.runs.differing import Compared, Difference, difference_note
from tests.browser.browsing import violations
from tests.browser.runs import scored, write

PANES = '[data-role="pane"][data-row="picture"]'
SAID = '[data-role="said"][data-of="picture"]'
REGIONS = (Region("face", 0.0, 0.0, 1.0, 1.0, "face"), Region("corner", 0.0, 0.0, 0.2, 0.2))


@pytest.fixture(scope="session")
def crops(tmp_path_factory) -> Path:
    """A run of two devices with 12 MP, whose crops were kept for the better one only."""
    shots = [scored("hall", device, take=1) for device in ("Aster One", "Dune Lite")]
    shots = [
        replace(
            shot,
            facts=replace(shot.facts, width_px=4000, height_px=3000),
            face=replace(shot.face, box=Box(1500.0, 700.0, 2500.0, 2000.0)),
        )
        for shot in shots
    ]
    folder = tmp_path_factory.mktemp("crops") / "run"
    noise = np.random.default_rng(0).integers(0, 256, (640, 640, 3), np.uint8)
    (folder / "pictures").mkdir(parents=True)
    crops = Crops(shots[0].facts.sha256, shots[0].face.box, {}, "hall")
    for kind, box in crop_boxes(shots[0].face.box, width=4000, height=3000).items():
        pixels = noise[: box[3] - box[1], : box[2] - box[0]]
        save_crop(pixels, folder / "pictures" / crops.names[kind], place_note(box).encode())
    return write(folder, shots, scenes={"hall": SceneInfo("hall", regions=REGIONS)})


@pytest.fixture(scope="session")
def differing(tmp_path_factory) -> Path:
    """Three devices of 12 MP; the worst one has crops of where it differs from the best one."""
    devices = ("Aster One", "Birch 12 Pro", "Dune Lite")
    shots = [scored("hall", device, take=1) for device in devices]
    shots = [replace(s, facts=replace(s.facts, width_px=4000, height_px=3000)) for s in shots]
    face, best = shots[2].face.box, shots[0]
    folder = tmp_path_factory.mktemp("differing") / "run"
    compared = Compared(Path("best.jpg"), best.facts.sha256, best.face.box)
    crops = Crops(shots[2].facts.sha256, face, {}, "hall", compared)
    noise = np.random.default_rng(0).integers(0, 256, (256, 256, 3), np.uint8)
    found = Difference(best.facts.sha256, (3000, 2000, 3256, 2256), (2900, 1900, 3156, 2156))
    for kind in DIFFERENCE_KINDS:
        file = folder / "pictures" / crops.names[kind]
        save_crop(noise, file, difference_note(face, compared, found))
    return write(folder, shots, scenes={"hall": SceneInfo("hall")})


@pytest.fixture
def scene(visit, crops):
    page = visit.open(crops / "report" / "scenes" / "hall.html")
    page.wait_for_selector(PANES)
    return page


def said(page) -> list[str]:
    return [text.replace("\xa0", " ") for text in page.locator(SAID).all_inner_texts()]


def test_a_line_says_what_is_shown(scene):
    around, preview = said(scene)
    assert around.endswith(" inside the line; around it 180 px preview, reduced from 12 MP")
    assert preview.startswith("180 px preview, reduced from 12 MP, enlarged, at ")
    scene.keyboard.press("1")
    first, second = said(scene)
    assert first == "original pixels 1:1"
    assert second == "180 px preview, reduced from 12 MP, enlarged, 1:1"
    rendering = "all => all.map(image => getComputedStyle(image).imageRendering)"
    shown = scene.locator(f"{PANES} > img:visible").evaluate_all(rendering)
    assert shown == ["pixelated", "auto", "pixelated"]  # preview, the crop over it, preview
    scene.keyboard.press("1")
    assert said(scene)[0] == around


def test_at_100_percent_a_pixel_of_the_crop_is_one_of_the_screen(scene):
    scene.locator('[data-to-scale="true"]').click()
    crop = scene.locator(f'{PANES} [data-crop="facecrop"]')
    box = crop.bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (640, 640)
    pane = scene.locator(PANES).first.bounding_box()
    assert pane is not None
    assert abs(box["x"] + 320 - pane["x"] - pane["width"] / 2) < 1
    scene.locator(PANES).first.focus()
    scene.keyboard.press("ArrowRight")
    assert crop.bounding_box()["x"] < box["x"] - 20


def test_the_frame_on_the_overview_is_dragged_and_c_goes_to_the_corner(scene):
    scene.keyboard.press("1")
    finder = scene.locator('[data-role="finder"]').first
    box = finder.bounding_box()
    assert box is not None
    scene.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    scene.mouse.down()
    scene.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.7 * box["height"])
    scene.mouse.up()
    frame = finder.locator("i").bounding_box()
    assert frame is not None
    assert abs(frame["x"] + frame["width"] / 2 - box["x"] - 0.75 * box["width"]) < 3
    assert said(scene)[0].startswith("180 px preview")
    scene.keyboard.press("c")
    assert scene.locator('[data-role="spot"]').input_value() == "cornercrop"
    assert said(scene)[0].startswith("original pixels 1:1")


def test_where_captures_differ_most_is_shown_of_both_at_one_to_one(visit, differing):
    page = visit.open(differing / "report/scenes/hall.html", "#show=d-dune-lite,d-birch-12-pro")
    page.keyboard.press("1")
    page.locator('[data-role="spot"]').select_option("differscrop")
    cards = page.locator('[data-role="card"]').evaluate_all("all => all.map(c => c.dataset.device)")
    assert cards == ["d-dune-lite", "d-birch-12-pro", "d-aster-one"]  # the best one came
    line = page.locator('[data-role="differs"]').inner_text()
    assert line.startswith(
        "Where Dune Lite, take 1 differs most from Aster One, take 1, the scene’s"
    )
    for place in (0, 2):
        pane = page.locator(PANES).nth(place)
        crop, box = pane.locator('[data-crop="differscrop"]').bounding_box(), pane.bounding_box()
        assert round(crop["width"]) == 256
        assert abs(crop["x"] + 128 - box["x"] - box["width"] / 2) < 1
    assert said(page)[1].startswith("180 px preview")
    page.wait_for_function("location.hash.includes('spot=differscrop')")
    page.keyboard.press("c")
    assert page.locator('[data-role="differs"]').is_hidden()


def test_without_such_a_place_it_is_no_choice(scene):
    scene.keyboard.press("1")
    assert scene.locator('[data-role="spot"] option:enabled').count() == 2


def test_b_shows_two_captures_in_one_place_in_turn(scene):
    scene.keyboard.press("b")
    line = scene.locator('[data-role="stage-said"]')
    assert line.inner_text().startswith("Aster One: ")
    assert "Dune Lite" not in line.inner_text()
    scene.keyboard.press("b")
    assert line.inner_text().startswith("Dune Lite: ")
    scene.keyboard.press("1")
    assert line.inner_text().endswith("enlarged, 1:1")


def test_the_address_brings_back_scale_place_and_region(scene, visit, crops):
    scene.locator('[data-role="region"]').select_option("face")
    assert scene.locator('[data-role="mark-box"]').count() == 2
    scene.locator(PANES).first.focus()
    scene.keyboard.press("+")
    scene.wait_for_function("location.hash.includes('view=0,0,1.9')")
    pane = scene.locator(PANES).first
    before = [pane.get_attribute(f"data-{name}") for name in ("zoom", "x", "y")]
    scene.reload()
    assert [pane.get_attribute(f"data-{name}") for name in ("zoom", "x", "y")] == before
    assert scene.locator('[data-role="region"]').input_value() == "face"
    assert scene.locator('[data-to-scale="face"]').get_attribute("aria-pressed") == "true"


def test_a_region_is_drawn_or_typed_and_stands_as_toml(scene):
    scene.locator('[data-role="mark"]').click()
    pane = scene.locator(PANES).first.bounding_box()
    assert pane is not None
    scene.mouse.move(pane["x"] + pane["width"] * 0.25, pane["y"] + pane["height"] * 0.5)
    scene.mouse.down()
    scene.mouse.move(pane["x"] + pane["width"] * 0.5, pane["y"] + pane["height"] * 0.75)
    scene.mouse.up()
    scene.locator('[name="name"]').fill('the "hand"')
    scene.locator('[name="x1"]').fill("0.6")
    toml = scene.locator('[data-role="region-toml"]').input_value()
    assert toml.startswith('[[region]]\nname = "the \\"hand\\""\nx0 = 0.25')
    assert "x1 = 0.6\n" in toml
    scene.locator('[name="to"]').select_option("face")
    assert 'to = "face"\n' in scene.locator('[data-role="region-toml"]').input_value()
    assert scene.locator('[data-role="viewer"]').get_attribute("data-zoom") == "1"  # it drew only
    scene.locator('[data-role="mark"]').click()
    assert scene.locator('[data-role="mark-box"]').count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_at_100_percent_with_the_form_open(scene, scheme):
    scene.emulate_media(color_scheme=scheme)
    scene.keyboard.press("1")
    scene.locator('[data-role="mark"]').click()
    assert violations(scene) == []


def test_panes_are_saved_from_the_single_file_and_pages_on_disk_say_why_not(scene, visit, crops):
    assert scene.locator('[data-role="save"]').is_disabled()
    assert "one-file report" in scene.locator('[data-role="after-said"]').inner_text()
    page = visit.open(render_single_file(crops).path, "#scenes/hall.html")
    shown = page.locator("iframe").element_handle().content_frame()
    shown.wait_for_selector(f"{PANES} img")
    shown.locator('[data-to-scale="true"]').click()
    with page.expect_download() as download:
        shown.locator('[data-role="save"]').click()
    assert download.value.suggested_filename == "hall.png"
    assert Path(download.value.path()).stat().st_size > 50_000  # the crop's noise is in it
