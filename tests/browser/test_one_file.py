"""The report in one file, moved away from its run: nothing beside it may be needed."""

from __future__ import annotations

import shutil

import pytest

from piqa_cli.report.output.single_file import render_single_file
from tests.browser.browsing import violations


@pytest.fixture(scope="session")
def one(reports, tmp_path_factory):
    """The files of two runs, each alone in its folder."""
    folder = tmp_path_factory.mktemp("mailed")
    made = {}
    for name in ("lab", "hostile"):
        file = render_single_file(reports[name].parent).path
        made[name] = shutil.move(file, folder / f"{name}.html")
    return made


def frame(page):
    """The chapter that is shown."""
    shown = page.locator("iframe").element_handle().content_frame()
    shown.wait_for_selector("body[data-path]", state="attached")
    shown.wait_for_load_state()
    return shown


def test_a_link_shows_another_page_and_back_the_one_before(visit, one):
    page = visit.open(one["lab"])
    assert page.title() == "Aster One is clearly best – piqa-cli"
    frame(page).locator('#scenes a[href="scenes/hall.html"]').click()
    page.wait_for_function("() => document.title.startsWith('Entrance hall')")
    assert page.url.endswith("#scenes/hall.html")
    page.go_back()
    page.wait_for_function("() => document.title.startsWith('Aster One')")
    assert set(visit.requests) == {url for url in visit.requests if "pictures/" not in url}


def test_the_first_page_is_the_living_one_and_fills_the_window(visit, one):
    page = visit.open(one["lab"])
    frame(page)
    assert not page.locator(".chapter").first.is_visible()
    sizes = page.evaluate("() => [document.querySelector('iframe').clientHeight, innerHeight]")
    assert sizes[0] > 0.9 * sizes[1]


def test_scripts_of_a_page_work_within(visit, one):
    page = visit.open(one["lab"], "#scenes/hall.html::d-cedar-x")
    shown = frame(page)
    shown.locator('[data-role="zoom-in"]').click()
    assert shown.locator('[data-role="viewer"]').get_attribute("data-zoom") == "1.5"
    shown.wait_for_function(
        """() => { const shown = Array.from(document.querySelectorAll('.panes img[src]'));
            return shown.length >= 4 && shown.every(image => image.naturalWidth > 100); }"""
    )
    assert shown.locator('[data-role="card"][data-device="d-cedar-x"]').count() == 1
    assert shown.locator('[data-role="fullscreen"]').is_visible()
    page = visit.open(one["lab"], "#pairs.html")
    assert "Aster One" in frame(page).locator("#panel").inner_text()


def test_without_scripts_links_and_pictures_are_there(chromium, one):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(one["lab"].as_uri())
    assert page.locator("h1:visible").all_inner_texts() == ["Aster One is clearly best"]
    page.locator('a[href="#scenes/hall.html"]:visible').first.click()
    assert page.locator("h1:visible").all_inner_texts() == ["Entrance hall"]
    assert page.locator('img[src^="data:image/webp"]:visible').count() == 16
    context.close()


@pytest.mark.parametrize(("name", "scheme"), [("lab", "light"), ("hostile", "dark")])
def test_axe_finds_nothing_serious_around_and_within(visit, one, name, scheme):
    visit.page.emulate_media(color_scheme=scheme)
    page = visit.open(one[name])
    shown = frame(page)
    assert "\n".join([*violations(page), *violations(shown)]) == ""


def test_names_stay_text(visit, one):
    page = visit.open(one["hostile"], "#captures.html")
    assert "<script>document.title='taken'</script>" in frame(page).inner_text("main")
    assert page.title() == "Captures – piqa-cli"


def test_tables_sort_and_filters_narrow_within(visit, one):
    page = visit.open(one["lab"])
    shown = frame(page)
    shown.locator("#devices thead button").nth(1).click()
    names = shown.locator("#overall tbody th").all_inner_texts()
    assert names == sorted(names)
    shown.locator("#devices thead button").nth(1).click()
    assert shown.locator("#overall tbody th").all_inner_texts() == names[::-1]
    shown.get_by_role("checkbox", name="Night").check()
    assert shown.locator("#heat-map tbody tr:visible").count() == 1
    assert shown.locator("#ranked-here h3").inner_text() == "Night"


def test_all_chapters_can_be_printed_with_their_pictures(visit, one):
    page = visit.open(one["lab"], "#print-all")
    hidden = "() => Array.from(document.querySelectorAll('.chapter')).filter(c => !c.offsetHeight)"
    assert page.evaluate(f"({hidden})().length") == 0
    assert page.locator('img[src^="data:image/gif"]').count() == 0
