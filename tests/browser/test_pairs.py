"""The script of the pair page draws the tables' values; the EXIF table follows the viewer."""

from __future__ import annotations

import math
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from piqa_cli.report.pairs.table import p_text
from piqa_cli.report.text import percent, signed, span


def rows(report: Path, table: str) -> list[dict]:
    return pq.read_table(report.parent / f"{table}.parquet").to_pylist()


def choose(page, one: str, other: str) -> None:
    page.select_option("#device-a", label=one)
    page.select_option("#device-b", label=other)


def cells(page, label: str) -> list[list[str]]:
    """Texts of a drawn table, the charts aside."""
    return page.locator(f'table[aria-label="{label}"] tbody tr').evaluate_all(
        "rows => rows.map(row => Array.from(row.cells).filter(c => !c.querySelector('svg'))"
        ".map(c => c.textContent.trim()))"
    )


@pytest.mark.parametrize("name", ["lab", "large", "given"])
def test_what_is_drawn_stands_in_the_pairs_table(visit, reports, name):
    page = visit.open(reports[name] / "pairs.html")
    overall = [r for r in rows(reports[name], "pairs") if r["condition"] is None]
    for row in [*overall[:8], *overall[8::101]]:
        choose(page, row["device_a"], row["device_b"])
        shown = page.locator("#drawn .stats b").all_inner_texts()
        wins = f"{row['wins']} / {row['ties']} / {row['losses']}"
        told = [signed(row["difference"]), span(row["ci_low"], row["ci_high"], sign=True), wins]
        told += [percent(row["preference"])] if row["preference"] is not None else []
        assert shown == told
        if row["p_holm"] is not None:
            assert f"p = {p_text(row['p_holm'])} by Holm" in page.locator("#drawn").inner_text()


def test_the_other_way_round_signs_and_wins_turn(visit, reports):
    row = rows(reports["lab"], "pairs")[0]
    page = visit.open(reports["lab"] / "pairs.html")
    choose(page, row["device_a"], row["device_b"])
    page.click("#swap")
    shown = page.locator("#drawn .stats b").all_inner_texts()
    assert shown[0] == signed(-row["difference"])
    assert shown[1] == span(-row["ci_high"], -row["ci_low"], sign=True)
    assert shown[2] == f"{row['losses']} / {row['ties']} / {row['wins']}"


@pytest.mark.parametrize("name", ["lab", "given"])
def test_scenes_show_the_gaps_of_scene_ranks_with_the_pooled_noise(visit, reports, name):
    pair = rows(reports[name], "pairs")[0]
    table = {(r["scene"], r["device"]): r for r in rows(reports[name], "scene_ranks")}
    page = visit.open(reports[name] / "pairs.html")
    choose(page, pair["device_a"], pair["device_b"])
    drawn = cells(page, "Difference by scene")
    assert len(drawn) == pair["n_scenes"]
    for (scene, *texts), expected in zip(
        drawn, sorted({s for s, d in table if (s, pair["device_a"]) in table}), strict=False
    ):
        a, b = table[expected, pair["device_a"]], table[expected, pair["device_b"]]
        noise = (a["ci_high"] - a["ci_low"]) / 2 * math.sqrt(a["n_captures"])
        half = noise * math.sqrt(1 / a["n_captures"] + 1 / b["n_captures"])
        gap = a["score"] - b["score"]
        assert scene
        assert texts[:2] == [signed(gap), span(gap - half, gap + half, sign=True)]
    words = [texts[3].removeprefix("clearly ") for texts in drawn]
    count = [words.count(word) for word in ("ahead", "tie", "behind")]
    assert count == [pair["wins"], pair["ties"], pair["losses"]]


def test_a_choice_stands_in_the_address_and_comes_from_it(visit, reports):
    page = visit.open(reports["lab"] / "pairs.html")
    names = page.locator("#device-a option").all_inner_texts()
    choose(page, names[2], names[1])
    anchor = page.evaluate("location.hash")
    page = visit.open(reports["lab"] / "index.html")
    page = visit.open(reports["lab"] / "pairs.html", anchor)
    assert page.locator("#device-a option:checked").inner_text() == names[2]
    assert page.locator("#device-b option:checked").inner_text() == names[1]


def test_the_exif_table_follows_the_devices_shown(visit, reports):
    scene = sorted((reports["lab"] / "scenes").glob("*.html"))[0]
    page = visit.open(scene)
    heads = page.locator('[data-role="exif"] thead th')
    slugs = [head.get_attribute("data-device") for head in heads.all()]
    page.evaluate("hash => { location.hash = hash; }", f"#show={slugs[1]},{slugs[0]}")
    page.wait_for_function(
        "() => document.querySelectorAll('[data-role=exif] thead th:not([hidden])').length === 2"
    )
    seen = page.locator('[data-role="exif"] thead th:visible').evaluate_all(
        "heads => heads.map(head => head.dataset.device)"
    )
    assert seen == [slugs[1], slugs[0]]
    page.uncheck("#chosen-devices")
    assert page.locator('[data-role="exif"] thead th:visible').count() == len(slugs)
