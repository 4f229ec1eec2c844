"""The first page: filters, warnings of its own, sortable rankings, and the bar over all pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from piqa_cli.records import SceneInfo
from piqa_cli.report.render import render_report
from tests.report.ranked import ranked_site
from tests.report.test_render import Page, squeezed
from tests.runs.samples import device_rank, facts_of, failed, scene_rank, scored


def home(folder) -> Page:
    return Page(render_report(folder))


def named(page: Page, tag: str, **wanted: str) -> list[dict[str, str | None]]:
    return [a for t, a in page.tags if t == tag and all(a.get(k) == v for k, v in wanted.items())]


def made(scene: str, device: str, make: str | None, **facts: object):
    result = scored(scene, device, 1.0)
    return replace(result, facts=replace(facts_of(result.facts.sha256, make=make), **facts))


def ranks(*devices: str):
    return [device_rank(device, 0.5 - n, n + 1) for n, device in enumerate(devices)]


@pytest.fixture
def brands_run(make_run):
    makes = {
        "s24": "samsung",
        "s23": "SAMSUNG",
        "s22": "samsung",
        "i 15": "Apple",
        "Apple 16": None,
    }
    results = [made("Hall", device, make) for device, make in makes.items()]
    cells = [scene_rank("Hall", device, 1.0, n) for n, device in enumerate(makes, 1)]
    return make_run(results=results, scene_ranks=cells, device_ranks=ranks(*makes))


def test_brands_come_from_exif_else_from_the_name_in_one_spelling(brands_run):
    page = home(brands_run)
    assert [a["value"] for a in named(page, "input", name="brand")] == ["samsung", "Apple"]
    assert [a["data-brand"] for a in named(page, "th") if "data-brand" in a] == [
        *("samsung",) * 3, "Apple", "Apple",
    ]  # fmt: skip
    assert "Brand samsung 3 Apple 2" in squeezed(page)


def test_a_choice_that_tells_nothing_is_not_offered(make_run):
    page = home(make_run(results=[scored(s, d, 1.0) for s in ("Hall", "Night") for d in "AB"]))
    assert not named(page, "form")
    assert not named(page, "fieldset")


def test_conditions_are_offered_and_mark_rows_and_cards(make_run):
    scenes = {"Night": SceneInfo("Night", condition="Lowlight"), "Hall": SceneInfo("Hall")}
    page = home(make_run(scenes=scenes))
    assert [a["value"] for a in named(page, "input", name="condition")] == ["", "Lowlight"]
    assert [a["data-condition"] for a in named(page, "li") if "data-condition" in a] == [
        "", "", "Lowlight",
    ]  # a first look, then the cards  # fmt: skip
    assert "Showing" not in page.text
    assert "A filter shows, it does not rank again" in squeezed(page)


def test_filters_wait_for_the_script(brands_run):
    form = named(home(brands_run), "form", id="filters")
    assert [("hidden" in attrs) for attrs in form] == [True]


def test_columns_sort_by_numbers_and_rank_is_sorted_first(make_run):
    page = home(make_run())
    heads = named(page, "th", scope="col")
    assert heads[0]["aria-sort"] == "ascending"
    keys = [a["data-v"] for a in named(page, "td") if a.get("class") == "num strong"]
    assert keys == ["0.5", "-0.5"]


def test_failed_captures_have_a_column_and_devices_without_a_score_a_line(make_run):
    results = [scored("Hall", "A", 2.0), failed("Hall", "A"), failed("Hall", "C")]
    folder = make_run(
        results=results,
        scene_ranks=[scene_rank("Hall", "A", 2.0, 1)],
        device_ranks=[device_rank("A", 0.5, 1)],
    )
    text = squeezed(home(folder))
    assert "Scenes Scored Failed" in text
    assert "Without any score, so not ranked: C (1 failed)." in text


def test_missing_cells_are_a_warning_that_says_where(make_run):
    text = squeezed(home(make_run()))
    assert "1 warning" in text
    assert "3 of 6 cells (scene by device) have no score." in text
    assert "a missing device is missing, not last. Hall: C; Night: B and C (failed)." in text


def test_many_places_are_folded_away(make_run):
    names = [f"Scene {n}" for n in range(4)]
    results = [scored(scene, "A", 1.0) for scene in names] + [scored("Scene 9", "B", 1.0)]
    folder = make_run(
        results=results,
        scene_ranks=[scene_rank(r.capture.scene, r.capture.device, 1.0, 1) for r in results],
    )
    text = squeezed(home(folder))
    assert "In 5 places Scene 0: B Scene 1: B" in text


def test_captures_scored_at_different_sizes_are_a_warning(make_run):
    small = made("Hall", "B", "M", working_width_px=600, working_height_px=400)
    turned = made("Hall", "C", "M", working_width_px=1350, working_height_px=1800)
    folder = make_run(
        results=[scored("Hall", "A", 2.0), small, turned],
        scene_ranks=[scene_rank("Hall", d, 1.0, n) for n, d in enumerate("ABC", 1)],
        device_ranks=ranks(*"ABC"),
    )
    text = squeezed(home(folder))
    assert "in 1 scene, captures were scored at different sizes" in text
    assert "Hall: shorter sides of 400 to 1,350 px" in text


def test_takes_of_different_sizes_are_a_warning(make_run):
    takes = [scored("Hall", "A", 2.0, take=n) for n in (1, 2, 3)]
    takes[1] = replace(takes[1], facts=replace(takes[1].facts, width_px=3000, height_px=4000))
    takes[2] = replace(takes[2], facts=replace(takes[2].facts, width_px=8000, height_px=6000))
    folder = make_run(results=takes, scene_ranks=[scene_rank("Hall", "A", 2.0, 1)])
    assert "Hall, A: 8000 × 6000 and 4000 × 3000" in squeezed(home(folder))


def test_captures_without_a_face_are_a_warning(make_run):
    results = [scored("Hall", "A", 2.0), scored("Hall", "B", 1.0, face=False)]
    assert "No face in 1 of 2 captures" in squeezed(home(make_run(results=results)))


def test_a_run_without_oddities_has_no_warnings(make_run):
    results = [scored("Hall", d, 2.0) for d in "AB"]
    cells = [scene_rank("Hall", d, 2.0, n) for n, d in enumerate("AB", 1)]
    page = home(make_run(results=results, scene_ranks=cells))
    assert "warnings" not in page.values("id")
    assert "warning" not in page.text


def test_the_bar_says_where_one_is(make_run):
    folder = make_run()
    render_report(folder)
    for name, here in {"index": "index.html", "captures": "captures.html"}.items():
        marked = named(Page(folder / f"report/{name}.html"), "a", **{"aria-current": "page"})
        assert [a["href"] for a in marked] == [here]
    scene = named(Page(folder / "report/scenes/hall.html"), "a", **{"aria-current": "true"})
    assert [a["href"] for a in scene] == ["../index.html#scenes"]


def test_a_large_first_page_stays_small(make_run):
    devices = [f"Maker Phone {n} Pro" for n in range(120)]
    scenes = [f"scene {n}" for n in range(30)]
    folder = make_run(
        results=[scored(s, d, 1.0) for s in scenes for d in devices],
        scene_ranks=[
            scene_rank(s, d, 1.0, n, gap=0.25) for s in scenes for n, d in enumerate(devices, 1)
        ],
        device_ranks=ranks(*devices),
    )
    assert render_report(folder).stat().st_size < 120 * 30 * 100


LONG = {
    f"S{n}": {"Aster": (2.0 + n % 2 / 10,), "Birch": (1.0,), "Cedar": (0.4 - n % 3 / 10,)}
    for n in range(6)
}


def test_a_device_with_too_few_scenes_stands_in_a_list_of_its_own(tmp_path):
    scores = {**LONG, "S1": {**LONG["S1"], "Lucky": (9.0,)}}
    site = ranked_site(tmp_path / "run", scores=scores, conditions={})
    page = home(tmp_path / "run")
    text = squeezed(page)
    assert "Aster is clearly best Of 3 ranked devices over" in text
    assert (
        "Too few scenes or captures to rank: Lucky (1 scene shared with others, 2 needed)" in text
    )
    boards = [a for a in named(page, "tr") if a.get("data-device")]
    assert "d-lucky" not in [a["data-device"] for a in boards]
    assert [row.device for row in site.overall()] == ["Aster", "Birch", "Cedar"]
    own = squeezed(Page(tmp_path / "run" / "report" / "device-lucky.html"))
    assert "Not ranked: 1 scene shared with others, 2 needed. It counts in no verdict" in own


def test_an_uneven_device_is_marked(make_run):
    rows = ranks("Aster", "Birch")
    rows[1] = replace(rows[1], uneven=True, residual_sd=1.5)
    cells = [scene_rank("Hall", row.device, 1.0, row.rank) for row in rows]
    results = [scored("Hall", row.device, 1.0) for row in rows]
    page = home(make_run(results=results, scene_ranks=cells, device_ranks=rows))
    marks = [a["title"] for a in named(page, "small") if "title" in a]
    assert [mark.partition(" (")[0] for mark in marks] == [
        "Uneven: from scene to scene it strays by 1.50 points"
    ]
