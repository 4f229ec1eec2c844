"""The viewer of a scene: panes in step, faces aligned, slider, keys, the choice in the address."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

PICTURES = '[data-role="pane"][data-row="picture"]'
FACES = '[data-role="pane"][data-row="face"]'
# Where a share of the picture lies, from the middle of its pane, in pixels.
WHERE = """(panes, [x, y]) => panes.map(pane => {
    const box = pane.getBoundingClientRect();
    const image = pane.querySelector('img').getBoundingClientRect();
    return [image.left + x * image.width - box.left - box.width / 2,
            image.top + y * image.height - box.top - box.height / 2];
})"""
FACE_BOXES = """panes => panes.map(pane => {
    const devices = JSON.parse(document.getElementById('viewer-data').textContent).devices;
    const device = devices.find(one => one.slug === pane.dataset.device);
    const [x, y, height] = device.takes[pane.dataset.take - 1].face;
    const box = pane.getBoundingClientRect();
    const image = pane.querySelector('img').getBoundingClientRect();
    return [image.left + x * image.width - box.left - box.width / 2,
            image.top + y * image.height - box.top - box.height / 2,
            height * image.height / box.height];
})"""


@pytest.fixture
def scene(visit, reports) -> Page:
    page = visit.open(reports["lab"] / "scenes" / "hall.html")
    page.wait_for_selector(PICTURES)
    return page


def shown(page: Page) -> list[str]:
    return page.locator('[data-role="card"]').evaluate_all(
        "cards => cards.map(c => c.dataset.device + '~' + c.dataset.take)"
    )


def near(one: float, other: float, *, within: float = 0.6) -> bool:
    return abs(one - other) <= within


def in_step(page: Page, point: tuple[float, float]) -> bool:
    places = page.locator(PICTURES).evaluate_all(WHERE, list(point))
    return all(near(x, places[0][0]) and near(y, places[0][1]) for x, y in places)


def zoom(page: Page) -> float:
    return float(page.get_attribute('[data-role="viewer"]', "data-zoom") or 0)


def middle(pane: Locator) -> tuple[float, float]:
    box = pane.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_four_devices_stand_side_by_side_best_first(scene):
    slugs = ["d-aster-one~1", "d-birch-12-pro~1", "d-cedar-x~1", "d-dune-lite~1"]
    assert shown(scene) == slugs
    assert in_step(scene, (0.0, 0.0))
    assert in_step(scene, (1.0, 1.0))


def test_the_wheel_zooms_all_panes_and_keeps_what_is_under_it(scene):
    pane = scene.locator(PICTURES).nth(1)
    x, y = middle(pane)
    scene.mouse.move(x + 30, y - 20)
    scene.wait_for_timeout(300)  # a page that scrolls goes on scrolling
    scene.mouse.wheel(0, -500)
    scene.wait_for_function("document.querySelector('[data-role=viewer]').dataset.zoom > 2")
    assert in_step(scene, (0.25, 0.75))
    box = pane.bounding_box()
    assert box is not None
    share = 0.5 + 30 / box["width"], 0.5 - 20 / box["height"]
    place = scene.locator(PICTURES).evaluate_all(WHERE, list(share))[1]
    assert near(place[0], 30, within=1.5)
    assert near(place[1], -20, within=1.5)


def test_a_drag_moves_all_panes_as_far_as_the_pointer(scene):
    pane = scene.locator(PICTURES).first
    x, y = middle(pane)
    scene.mouse.dblclick(x, y)
    assert zoom(scene) == 3
    before = scene.locator(PICTURES).evaluate_all(WHERE, [0.5, 0.5])
    scene.mouse.move(x, y)
    scene.mouse.down()
    scene.mouse.move(x + 40, y + 25)
    scene.mouse.up()
    after = scene.locator(PICTURES).evaluate_all(WHERE, [0.5, 0.5])
    moved = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(before, after, strict=True)]
    assert all(near(dx, 40) and near(dy, 25) for dx, dy in moved)
    scene.mouse.dblclick(x, y)
    assert zoom(scene) == 1


def test_keys_zoom_and_move_the_picture_that_has_the_focus(scene):
    scene.locator(PICTURES).nth(2).focus()
    for key in ("+", "+", "ArrowRight", "ArrowDown"):
        scene.keyboard.press(key)
    assert zoom(scene) == 2.25
    views = scene.locator(PICTURES).evaluate_all("ps => ps.map(p => [+p.dataset.x, +p.dataset.y])")
    assert views == [views[0]] * 4
    assert views[0][0] > 0.5
    assert views[0][1] > 0.5
    scene.keyboard.press("0")
    assert zoom(scene) == 1
    assert scene.get_attribute('[data-role="viewer"]', "data-face-zoom") == "1"
    scene.wait_for_function(
        "document.querySelector('[data-role=zoom-level]').textContent.includes('1.0×')"
    )


def test_faces_lie_in_the_middle_at_one_height_and_stay_so(scene):
    faces = scene.locator(FACES)
    for _ in range(2):
        boxes = faces.evaluate_all(FACE_BOXES)
        assert len(boxes) == 4
        assert all(near(x, 0) and near(y, 0) for x, y, _ in boxes)
        assert all(near(height, boxes[0][2], within=0.005) for *_, height in boxes)
        faces.first.focus()
        scene.keyboard.press("+")
    assert zoom(scene) == 1  # the pictures stay as they are


def test_pixels_do_not_count_the_field_of_view_does(visit, reports, tmp_path):
    run = shutil.copytree(reports["lab"].parent, tmp_path / "run")
    page = run / "report" / "scenes" / "hall.html"
    text = page.read_text(encoding="utf-8")
    size = re.search(r'"width":(\d+),"height":(\d+)', text.replace(" ", ""))
    assert size
    tripled = f'"width":{3 * int(size[1])},"height":{3 * int(size[2])}'
    text = text.replace(size[0], tripled, 1)
    text = re.sub(r'"face":\[[^]]*\]', '"face":[0.3,0.6,0.2]', text, count=1)
    page.write_text(text, encoding="utf-8")
    opened = visit.open(page)
    opened.locator(PICTURES).first.focus()
    opened.keyboard.press("+")
    widths = opened.locator(f"{PICTURES} img").evaluate_all("all => all.map(i => i.offsetWidth)")
    assert widths[0] == 3 * widths[1]
    assert in_step(opened, (0.2, 0.9))
    boxes = opened.locator(FACES).evaluate_all(FACE_BOXES)
    assert all(near(x, 0) and near(y, 0) for x, y, _ in boxes)
    assert all(near(height, boxes[0][2], within=0.005) for *_, height in boxes)


def test_devices_and_takes_are_chosen_and_kept_in_the_address(scene):
    first = scene.locator('[data-role="card"]').first
    first.locator('[data-role="next-take"]').click()
    scene.locator('[data-role="remove"]').nth(1).click()
    scene.locator(PICTURES).nth(1).focus()
    scene.keyboard.press("ArrowLeft")  # the next better one that no other pane shows
    assert shown(scene) == ["d-aster-one~2", "d-birch-12-pro~1", "d-dune-lite~1"]
    assert scene.url.endswith("#show=d-aster-one~2,d-birch-12-pro,d-dune-lite")
    first.locator('[data-role="device"]').select_option(label="Dune Lite (4)")
    assert shown(scene) == ["d-dune-lite~1", "d-birch-12-pro~1", "d-aster-one~2"]
    scene.reload()
    assert shown(scene) == ["d-dune-lite~1", "d-birch-12-pro~1", "d-aster-one~2"]


def test_arrow_keys_go_to_the_next_scene_with_the_same_devices(scene):
    scene.locator('[data-role="remove"]').first.click()
    scene.evaluate("document.activeElement.blur()")
    chosen = [name.partition("~")[0] for name in shown(scene)]
    scene.keyboard.press("ArrowRight")
    scene.wait_for_url("**/night.html*")
    there = [name.partition("~")[0] for name in shown(scene)]
    assert there == [slug for slug in chosen if slug != "d-cedar-x"]  # it lacks this scene


def test_an_anchor_of_a_device_brings_it_in(visit, reports):
    visit.page.set_viewport_size({"width": 700, "height": 800})
    page = visit.open(reports["lab"] / "scenes" / "hall.html", "#d-dune-lite")
    assert shown(page) == ["d-aster-one~1", "d-dune-lite~1"]  # the best beside it
    page.locator('#d-cedar-x [data-role="choose"]').click()
    assert shown(page) == ["d-aster-one~1", "d-dune-lite~1", "d-cedar-x~1"]
    assert page.evaluate("document.activeElement.dataset.role") == "device"


def test_the_slider_moves_by_key_and_pointer_over_pictures_in_step(scene):
    scene.keyboard.press("s")
    line = scene.locator('[data-role="line"]')
    assert scene.evaluate("document.activeElement.dataset.role") == "line"
    scene.keyboard.press("ArrowRight")
    assert line.input_value() == "51"
    stage = scene.locator('[data-role="stage"]')
    _, y = middle(stage)
    box = stage.bounding_box()
    assert box is not None
    scene.mouse.click(box["x"] + box["width"] / 4, y)
    assert near(float(line.input_value()), 25, within=1)
    layers = scene.locator("[data-layer] img").evaluate_all(
        "all => all.map(i => JSON.stringify(i.getBoundingClientRect()))"
    )
    assert layers[0] == layers[1]
    clip = scene.locator("[data-layer]").nth(1).evaluate("l => getComputedStyle(l).clipPath")
    assert re.fullmatch(r"inset\(0(px)? 0(px)? 0(px)? 2[456](\.\d+)?%\)", clip)
    scene.keyboard.press("s")
    assert scene.get_attribute('[data-role="viewer"]', "data-mode") == "panes"


def test_full_screen_and_the_line_of_keys(scene):
    assert scene.locator('[data-role="help-line"]').is_hidden()
    scene.keyboard.press("?")
    assert "full screen" in scene.locator('[data-role="help-line"]').inner_text()
    scene.locator('[data-role="fullscreen"]').click()
    scene.wait_for_function("document.fullscreenElement !== null")
    scene.wait_for_selector('[data-role="fullscreen"][aria-pressed="true"]')
    scene.keyboard.press("f")
    scene.wait_for_function("document.fullscreenElement === null")


def test_without_scripts_every_picture_is_there_and_no_empty_viewer(chromium, reports):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((Path(reports["lab"]) / "scenes" / "hall.html").as_uri())
    assert page.locator('[data-role="viewer"]').is_hidden()
    assert page.locator(".wall:not(.faces) img").count() == 8
    context.close()
