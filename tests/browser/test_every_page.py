"""Every page of a report is quiet, offline, readable for all, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.browsing import violations


def pages_of(report: Path) -> list[Path]:
    """One page of each kind; the pages of a kind are made of one template."""
    kinds: dict[str, Path] = {}
    for page in sorted(report.rglob("*.html")):
        folder = page.parent.relative_to(report)
        kinds.setdefault(str(folder) if folder.parts else page.stem.partition("-")[0], page)
    return list(kinds.values())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["lab", "hostile", "given", "compared", "history", "evaluated"])
def test_axe_finds_nothing_serious(visit, reports, name, scheme):
    visit.page.emulate_media(color_scheme=scheme)
    pages = pages_of(reports[name])
    assert pages
    found = {page.name: violations(visit.open(page)) for page in pages}
    assert "\n".join(f"{name}: {line}" for name, lines in found.items() for line in lines) == ""


def test_a_long_value_of_a_stacked_table_has_room_on_a_phone(visit, reports):
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit.open(reports["history"] / "trend.html")
    cells = page.locator(".stacked tbody td")
    cells.first.evaluate("cell => { cell.textContent = 'a name of many words '.repeat(5) }")
    heights = cells.evaluate_all("all => all.map(one => [one.scrollHeight, one.clientHeight])")
    assert len(heights) > 5
    assert [pair for pair in heights if pair[0] > pair[1] + 1] == []


@pytest.mark.parametrize("name", ["lab", "hostile", "large", "compared"])
def test_no_page_is_wider_than_a_phone(visit, reports, name):
    visit.page.set_viewport_size({"width": 390, "height": 844})
    wide = {
        page.name: visit.open(page).evaluate("() => document.documentElement.scrollWidth")
        for page in pages_of(reports[name])
    }
    assert {name: width for name, width in wide.items() if width > 390} == {}


@pytest.mark.parametrize("width", [280, 390])
def test_the_entry_of_a_page_in_the_bar_is_in_sight(visit, reports, width):
    visit.page.set_viewport_size({"width": width, "height": 844})
    page = visit.open(reports["lab"] / "captures.html")
    entry = page.locator(".bar nav [aria-current]")
    nav, here = page.locator(".bar nav").bounding_box(), entry.bounding_box()
    assert entry.inner_text() == "Captures"
    assert here["x"] >= nav["x"]
    assert here["x"] + here["width"] <= nav["x"] + nav["width"] + 1


@pytest.mark.parametrize("name", ["lab", "large", "given"])
def test_no_table_of_files_is_cut_on_a_wide_screen(visit, reports, name):
    page = visit.open(reports[name] / "captures.html")
    frame = page.locator(".scroll:has(.files)")
    assert frame.evaluate("one => one.scrollWidth - one.clientWidth") == 0


def test_exif_of_many_devices_is_whole_on_paper(visit, reports):
    page = visit.open(next((reports["many"] / "scenes").glob("*.html")))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1000, "height": 700})  # a landscape page of A4
    shown = page.locator(".exif table:visible")
    assert shown.count() == 2
    assert shown.evaluate_all("all => all.every(one => one.scrollWidth <= innerWidth)")
    heads = shown.locator("thead th").all_text_contents()
    assert sorted(heads) == sorted(f"Maker-{n} phone" for n in range(1, 13))
    assert all("ISO" in text for text in shown.all_text_contents())


def test_every_link_of_a_report_leads_somewhere(visit, reports):
    script = """() => Array.from(document.links).map(link => link.href)
        .filter(href => href.startsWith(location.href.split('#')[0] + '#'))
        .map(href => decodeURIComponent(href.split('#')[1]))
        .filter(id => id && !/^[a-z]+=/.test(id) && !document.getElementById(id))"""
    lost = {page.name: visit.open(page).evaluate(script) for page in pages_of(reports["lab"])}
    assert {name: ids for name, ids in lost.items() if ids} == {}


def test_names_stay_text(visit, reports):
    report = reports["hostile"]
    for page in sorted(report.rglob("*.html")):
        opened = visit.open(page)
        assert opened.title() != "taken"
        assert opened.evaluate(
            "() => document.querySelectorAll('script:not([src])').length"
        ) == 0 or (
            opened.evaluate(
                "() => Array.from(document.scripts).every(s => s.src || s.type.includes('json'))"
            )
        )
    assert "<script>document.title='taken'</script>" in visit.open(
        report / "captures.html"
    ).inner_text("main")


def test_the_line_of_a_comparison_moves_by_keyboard(visit, reports):
    page = visit.open(reports["compared"] / "index.html")
    line = page.locator('[data-wipe] input[type="range"]').first
    line.focus()
    page.keyboard.press("ArrowLeft")
    assert line.get_attribute("aria-valuetext") == "49 % of the first picture"
    assert page.locator(".stage").first.evaluate("e => e.style.getPropertyValue('--line')") == "49%"
