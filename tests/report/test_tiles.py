from __future__ import annotations

import doctest
from dataclasses import replace

from piqa_cli.records import SceneInfo
from piqa_cli.report import tiles, warning_lines
from piqa_cli.report.render import render_report
from piqa_cli.report.tiles import counted_rows, tile_names
from piqa_cli.report.warning_lines import WarningLine, warning_line
from tests.report.test_render import Page, pages, squeezed
from tests.runs.samples import facts_of, scene_rank, scored, scored_row, with_interval


def names(*paths: str, take: str | None = None) -> list[str]:
    return tile_names([scored_row(path=path, take=take) for path in paths])


def copies(n: int):
    """The same file `n` times in one cell."""
    return [
        replace(scored("Hall", "A", 2.0, take=take), facts=facts_of("c" * 64))
        for take in range(1, n + 1)
    ]


def test_examples_in_docstrings():
    assert doctest.testmod(tiles).failed == 0
    assert doctest.testmod(warning_lines).failed == 0


def test_file_names_that_repeat_show_what_differs():
    assert names("s/d/100/1.jpg", "s/d/101/1.jpg") == ["100/1.jpg", "101/1.jpg"]
    assert names("s/d/100/raw/1.jpg", "s/d/101/raw/1.jpg") == ["100/…/1.jpg", "101/…/1.jpg"]
    assert names("s/d/1.jpg", "s/d/copy/1.jpg") == ["1.jpg", "copy/1.jpg"]
    assert names("s/d/a/1.jpg", "s/d/a/2.jpg") == ["1.jpg", "2.jpg"]


def test_takes_that_repeat_show_their_files():
    assert names("s/d/1.jpg", "s/d/2.jpg", take="3") == ["take 3 · 1.jpg", "take 3 · 2.jpg"]


def test_a_copy_counts_once_on_cards_and_says_so_on_its_tile(make_run):
    ranks = [scene_rank("Hall", "A", 2.0, 1)]
    folder = make_run(results=copies(3), scene_ranks=ranks, scenes={"Hall": SceneInfo("Hall")})
    text = squeezed(Page(render_report(folder)))
    assert "1 device, 1 capture" in text
    scene = pages(folder)["scenes/hall.html"].text
    assert scene.count("a copy, not counted") == 2 * 2  # two tiles, as face and as picture


def test_a_copy_is_told_by_its_pixels_too():
    rows = [
        scored_row(path=str(n), sha256=sha256, pixels_sha256=pixels)
        for n, (sha256, pixels) in enumerate([("a", "p"), ("b", "p"), ("c", None), (None, None)])
    ]
    assert [row.path for row in counted_rows(rows)] == ["0", "2", "3"]


def test_the_chart_of_a_scene_leaves_copies_out(make_run):
    folder = make_run(results=copies(2), scene_ranks=[with_interval(scene_rank("Hall", "A", 2, 1))])
    render_report(folder)
    assert "take" not in pages(folder)["scenes/hall.html"].values("class")


def test_long_names_keep_both_ends_and_stand_whole_in_the_title(make_run):
    name = "Manufacturer Ultra Pro Max 16 Titanium Edition Europe 512 GB unit 07"
    folder = make_run(
        results=[scored("Hall", name, 2.0)], scene_ranks=[scene_rank("Hall", name, 2.0, 1)]
    )
    page = Page(render_report(folder))
    assert "Manufacturer Ultra…Europe 512 GB unit 07" in page.text
    assert name in page.values("title")
    assert "Manufacturer…Europe 512 GB unit 07" in pages(folder)["scenes/hall.html"].text


def test_a_warning_is_taken_apart_into_file_and_text():
    paths = {"a.jpg", "b: odd and 2 more.jpg"}
    assert warning_line("a.jpg: twice: x", paths) == WarningLine("a.jpg", "", "twice: x")
    assert warning_line("a.jpg and 12 more: one phone", paths) == WarningLine(
        "a.jpg", " and 12 more", "one phone"
    )
    assert warning_line("b: odd and 2 more.jpg: twice", paths).path == "b: odd and 2 more.jpg"
    assert warning_line("unknown.jpg: twice", paths) == WarningLine("", "", "unknown.jpg: twice")


def test_the_first_page_begins_a_warning_with_its_file(make_run):
    warnings = [f"Hall/A/1.jpg: reason {n}" for n in range(8)]
    folder = make_run(warnings=[*warnings, "Hall/B/1.jpg and 3 more: one phone"])
    page = Page(render_report(folder))
    assert "10 warnings Hall/A/1.jpg: reason 0" in squeezed(page)  # one of them: cells are missing
    assert "3 more of this kind Hall/A/1.jpg: reason 6" in squeezed(page)
    assert "Hall/B/1.jpg and 3 more: one phone" in squeezed(page)
    source = (folder / "report/index.html").read_text()
    assert "<code>Hall/B/1.jpg</code> and 3 more: one phone" in source


def test_what_the_exif_readers_say_is_not_compared(make_run):
    one, two = scored("Hall", "A", 2.0), scored("Hall", "B", 1.0)
    exif = replace(one.facts.exif, reader="pillow", error="exifread: AssertionError")
    results = [replace(one, facts=replace(one.facts, exif=exif)), two]
    folder = make_run(results=results)
    render_report(folder)
    text = pages(folder)["scenes/hall.html"].text
    assert "AssertionError" not in text
    assert "EXIF reader" not in text
    assert "Model" in text
