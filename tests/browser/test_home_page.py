"""The first page under a mouse and a keyboard."""

from __future__ import annotations

BOARD = "table.board >> nth=0"


def devices(page) -> list[str]:
    return page.locator(BOARD).locator("tbody tr:visible th").all_inner_texts()


def test_a_click_on_a_head_sorts_and_a_second_one_turns_the_order(visit, reports):
    page = visit.open(reports["lab"] / "index.html")
    head = page.locator(BOARD).locator("thead button").nth(1)
    assert devices(page)[0] == "Aster One"
    head.click()
    assert devices(page) == ["Aster One", "Birch 12 Pro", "Cedar X", "Dune Lite"]
    head.click()
    assert devices(page) == ["Dune Lite", "Cedar X", "Birch 12 Pro", "Aster One"]
    assert page.locator(BOARD).locator("th[aria-sort]").get_attribute("aria-sort") == "descending"


def test_numbers_sort_as_numbers_by_keyboard_too(visit, reports):
    page = visit.open(reports["lab"] / "index.html")
    head = page.locator(BOARD).locator("thead button", has_text="points").first
    head.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert devices(page) == ["Dune Lite", "Cedar X", "Birch 12 Pro", "Aster One"]


def test_the_filter_leaves_devices_of_that_name_in_ranking_and_heat_map(visit, reports):
    page = visit.open(reports["large"] / "index.html")
    page.get_by_label("Find devices").fill("phone 17")
    page.wait_for_function(
        "() => document.querySelectorAll('table.board tbody tr:not([hidden])').length === 1"
    )
    assert devices(page) == ["Maker phone 17"]
    assert page.locator("#heat-map thead th:visible").count() == 1
    page.get_by_role("button", name="Clear").click()
    assert len(devices(page)) == 40


def test_a_condition_leaves_its_scenes(visit, reports):
    page = visit.open(reports["lab"] / "index.html")
    page.locator(".pick", has_text="Night").click()
    cards = page.locator("#scenes .card:visible .card-title")
    assert [text.split("\n")[0] for text in cards.all_inner_texts()] == ["Street at night Night"]
    assert page.locator("#heat-map tbody tr:visible").count() == 1


def test_the_captures_page_filters_and_counts(visit, reports):
    page = visit.open(reports["lab"] / "captures.html")
    page.get_by_label("Filter").fill("failed")
    assert page.locator("#files tbody tr:visible").count() == 1
    assert page.locator("[data-shown=files]").inner_text() == "1 of 24"


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(visit, reports):
    page = visit.open(reports["lab"] / "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Tab")
    outline = "() => getComputedStyle(document.activeElement).outlineStyle"
    for _ in range(12):
        assert page.evaluate(outline) == "solid", page.evaluate(
            "() => document.activeElement.outerHTML"
        )
        page.keyboard.press("Tab")
