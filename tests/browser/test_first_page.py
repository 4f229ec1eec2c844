"""The first page's filters, and its heat map by keyboard and pointer."""

from __future__ import annotations

import pytest

SHOWN_DEVICES = """() => Array.from(document.querySelectorAll('#devices tbody tr'))
    .filter(row => !row.hidden).map(row => row.querySelector('th').innerText)"""
SHOWN_SCENES = """() => Array.from(document.querySelectorAll('#heat-map tbody tr'))
    .filter(row => !row.hidden).map(row => row.querySelector('th').innerText)"""
SHOWN_CARDS = """() => document.querySelectorAll('#scenes li:not([hidden])').length"""
FOCUS = "() => [document.activeElement.tagName, document.activeElement.innerText]"


@pytest.fixture
def home(visit, reports):
    return visit.open(reports["lab"] / "index.html")


def test_numbers_sort_from_the_largest_first(home):
    home.locator("#devices thead").get_by_role("button", name="points").click()
    head = home.locator("#devices thead th[aria-sort]")
    assert head.get_attribute("aria-sort") == "descending"
    assert home.evaluate(SHOWN_DEVICES)[0] == "Aster One"


def test_a_condition_narrows_scenes_devices_and_cards_but_no_rank(home):
    ranks = home.locator("#devices tbody tr >> td.c-rank").all_inner_texts()
    home.get_by_role("checkbox", name="Night").check()
    assert home.evaluate(SHOWN_SCENES) == ["Street at night"]
    assert "Cedar X" not in home.evaluate(SHOWN_DEVICES)  # it has no capture there
    assert home.evaluate(SHOWN_CARDS) == 1
    assert home.get_by_role("status").inner_text() == "Showing 3 of 4 devices and 1 of 3 scenes."
    home.get_by_role("checkbox", name="Indoor").check()
    assert "does not rank again" in home.locator("#filters").inner_text()
    home.get_by_role("button", name="Clear").click()
    assert home.locator("#devices tbody tr >> td.c-rank").all_inner_texts() == ranks
    assert len(home.evaluate(SHOWN_SCENES)) == 3
    assert not home.get_by_role("button", name="Clear").is_visible()


def test_a_condition_alone_is_ranked_where_one_looks(home):
    home.get_by_role("checkbox", name="Night").check()
    assert home.locator("#ranked-here h3").inner_text() == "Night"
    assert not home.locator("#overall").is_visible()
    assert "does not rank again" not in home.locator("#filters").inner_text()
    home.get_by_role("button", name="Clear").click()
    assert home.locator("#overall").is_visible()
    parts = home.locator("#conditions [data-condition]").evaluate_all(
        "parts => parts.map(part => part.dataset.condition)"
    )
    assert parts == ["Indoor", "Night", "Outdoor"]


def test_the_heat_map_is_one_stop_and_arrows_walk_it(home):
    assert home.locator('#heat-map [tabindex="0"]').count() == 1
    assert home.locator("#heat-map a:not([tabindex])").count() == 0
    home.locator('#heat-map [tabindex="0"]').focus()
    home.keyboard.press("ArrowUp")
    assert home.evaluate(FOCUS)[0] == "A"  # the device's own page
    home.keyboard.press("ArrowDown")
    home.keyboard.press("Home")
    assert home.evaluate(FOCUS) == ["A", home.evaluate(SHOWN_SCENES)[0]]
    home.keyboard.press("ArrowRight")
    home.keyboard.press("Enter")
    home.wait_for_url("**/scenes/*.html#d-*")


def test_arrows_pass_over_what_is_hidden(home):
    home.get_by_role("checkbox", name="Night").check()
    home.locator("#heat-map thead a").first.focus()
    home.keyboard.press("ArrowDown")
    home.keyboard.press("Home")
    assert home.evaluate(FOCUS) == ["A", "Street at night"]


def test_a_cell_says_what_it_is_and_leads_to_the_captures(home):
    cell = home.locator("#heat-map tbody tr", has_text="Park bench").locator("td").first
    cell.hover()
    assert "in Park bench: +" in cell.get_attribute("title")
    cell.click()
    home.wait_for_url("**/scenes/park.html#d-*")


def test_without_script_the_page_has_its_tables_and_no_dead_controls(chromium, reports):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((reports["lab"] / "index.html").resolve().as_uri())
    assert page.locator("#devices tbody tr").count() == 4
    assert page.locator("#heat-map tbody th a").count() == 3
    assert not page.locator("#filters").is_visible()
    assert page.get_by_role("button").count() == 0
    context.close()


def test_paper_shows_every_section_and_no_controls(home):
    home.emulate_media(media="print")
    assert home.locator("#heat-map").is_visible()
    assert not home.get_by_role("checkbox", name="Night").is_visible()
    assert not home.locator(".bar nav").is_visible()
