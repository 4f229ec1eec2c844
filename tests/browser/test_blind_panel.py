"""Blind pages without scores, and the key file that shows these in a page."""

from __future__ import annotations

import json

import pytest

from tests.browser.browsing import violations
from tests.browser.conftest import call
from tests.browser.runs import QUALITY, lab_run


@pytest.fixture(scope="module")
def panel(tmp_path_factory):
    """The folder of a run whose pages hide names and scores."""
    folder = lab_run(tmp_path_factory.mktemp("panel") / "run")
    call("report", folder, "--blind", "--hide-scores")
    return folder


def scene(panel):
    return next((panel / "report" / "scenes").glob("hall*.html"))


def test_the_key_shows_names_ranks_and_scores_on_all_pages(visit, panel):
    page = visit.open(panel / "report" / "index.html")
    assert page.get_by_text("Aster One").count() == 0
    page.get_by_label("Key file").set_input_files(panel / "blind-key.json")
    shown = page.locator('[data-role="revealed"]')
    shown.get_by_text("Aster One", exact=True).wait_for()
    assert shown.locator("tbody tr").count() == len(QUALITY)
    page.locator('a[href^="scenes/hall"]').first.click()
    page.locator('h3 .true-name:text-is("Aster One")').first.wait_for()
    page.get_by_role("button", name="Hide again").click()
    assert page.get_by_text("Aster One").count() == 0


def test_a_key_of_another_state_or_another_file_is_refused(visit, panel, tmp_path):
    page = visit.open(panel / "report" / "index.html")
    held = json.loads((panel / "blind-key.json").read_text())
    for number, (content, words) in enumerate(
        (({**held, "key": "0" * 12}, "another state"), ({}, "no key file"))
    ):
        other = tmp_path / f"{number}.json"
        other.write_text(json.dumps(content))
        page.get_by_label("Key file").set_input_files(other)
        page.get_by_text(words).wait_for()
    assert page.locator('[data-role="revealed"]').text_content() == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit, panel, scheme):
    visit.page.emulate_media(color_scheme=scheme)
    for file in (panel / "report" / "index.html", scene(panel)):
        page = visit.open(file)
        page.get_by_label("Key file").set_input_files(panel / "blind-key.json")
        page.locator('[data-role="revealed"] table').wait_for()
        assert violations(page) == []


def test_the_viewer_shows_letters_alone(visit, panel):
    page = visit.open(scene(panel))
    choice = page.locator('[data-role="panes"] [data-role="device"]').first
    assert choice.locator("option").all_text_contents()[:2] == ["A", "B"]
    words = page.locator('[data-role="panes"]').inner_text()
    assert "take 1" in words
    assert "rank" not in words


def test_the_key_names_devices_wherever_a_letter_stands(visit, panel):
    page = visit.open(scene(panel))
    select = page.locator('[data-role="panes"] [data-role="device"]').first
    letters = select.locator("option").all_text_contents()
    page.get_by_label("Key file").set_input_files(panel / "blind-key.json")
    held = json.loads((panel / "blind-key.json").read_text())["devices"]
    named = [f"{letter} ({held[letter]})" for letter in letters]
    page.locator('[data-role="exif"] th .true-name').first.wait_for()
    assert select.locator("option").all_text_contents() == named
    assert select.get_attribute("title") == named[0]
    heads = page.locator('[data-role="exif"] thead th .true-name').all_text_contents()
    assert heads == [f" {held[letter]}" for letter in letters]
    captures = page.locator("select[name=capture] option[data-letter]")
    words = captures.all_text_contents()
    assert words
    assert all(any(name in one for name in held.values()) for one in words)
    page.get_by_role("button", name="Hide again").click()
    assert select.locator("option").all_text_contents() == letters
    assert not any(name in page.content() for name in held.values())


def test_the_key_names_devices_in_the_list_of_captures(visit, panel):
    page = visit.open(panel / "report" / "captures.html")
    page.get_by_label("Key file").set_input_files(panel / "blind-key.json")
    page.locator('.c-device .true-name:text-is("Aster One")').first.wait_for()


def test_one_file_opens_the_key_in_its_chapters(visit, panel):
    call("report", panel, "--blind", "--hide-scores", "--single-file")
    frame = visit.open(panel / "report.html").frame_locator("iframe")
    frame.get_by_label("Key file").set_input_files(panel / "blind-key.json")
    frame.locator('[data-role="revealed"]').get_by_text("Aster One", exact=True).wait_for()
