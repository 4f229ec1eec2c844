"""The data of the pair page equals the tables: the script only puts it in place."""

from __future__ import annotations

import json
import re

import pytest

from piqa_cli.report.pairs import script_data as module
from piqa_cli.report.pairs.endings import KINDS
from piqa_cli.report.pairs.script_data import pair_data
from piqa_cli.report.render import render_report
from piqa_cli.report.text import percent, signed
from piqa_cli.runs.table_set import load_run
from tests.report.ranked import ranked_site


@pytest.fixture
def page(tmp_path):
    """Data as the page holds it, and the tables."""
    ranked_site(tmp_path / "run", reference="Birch")
    source = render_report(tmp_path / "run").with_name("pairs.html").read_text()
    block = re.search(r'<script type="application/json" id="pair-data">(.*?)</script>', source)
    return json.loads(block[1]), load_run(tmp_path / "run").tables


def test_every_pair_of_the_table_is_there_once_and_says_the_same(page):
    data, tables = page
    names = [device[1] for device in data["devices"]]
    for row in tables.pairs:
        block = data["pairs"][data["conditions"].index(row.condition or "")]
        a, b = names.index(row.device_a), names.index(row.device_b)
        n, difference, low, high, wins, ties, losses, share, _, *rest = block[a].pop(str(b))
        assert (n, wins, ties, losses) == (row.n_scenes, row.wins, row.ties, row.losses)
        for hundredths, value in zip(
            (difference, low, high), (row.difference, row.ci_low, row.ci_high), strict=True
        ):
            assert text(hundredths) == signed(value)
        assert (f"{share} %" if share is not None else "—") == percent(row.preference)
        assert (rest[0] if rest else "") == (row.note or "")
    assert not [cell for block in data["pairs"] for cells in block for cell in cells]


def text(hundredths: int | None) -> str:
    return signed(None if hundredths is None else hundredths / 100)


def test_scenes_hold_the_full_scores_of_scene_ranks(page):
    data, tables = page
    names = [device[1] for device in data["devices"]]
    for row in tables.scene_ranks:
        scene = next(scene for scene in data["scenes"] if scene[0] == row.scene)
        place = names.index(row.device)
        assert scene[3][place] == row.score
        assert scene[4][place] == row.n_captures
    park = next(scene for scene in data["scenes"] if scene[0] == "Park")
    assert (park[3][names.index("Cedar")], park[4][names.index("Cedar")]) == (None, 0)


def test_the_reference_is_the_rival_that_is_offered_first(page):
    data, _ = page
    assert data["devices"][data["rival"]][1] == "Birch"


def test_wins_by_scene_follow_from_the_scores_and_the_tie_of_the_page(page):
    data, tables = page
    names = [device[1] for device in data["devices"]]
    for row in (row for row in tables.pairs if row.condition is None):
        a, b = names.index(row.device_a), names.index(row.device_b)
        gaps = [s[3][a] - s[3][b] for s in data["scenes"] if s[4][a] and s[4][b]]
        assert sum(gap > data["tie"] for gap in gaps) == row.wins
        assert sum(gap < -data["tie"] for gap in gaps) == row.losses


def test_too_many_pairs_leave_the_conditions_out(tmp_path, monkeypatch):
    site = ranked_site(tmp_path / "run")
    assert pair_data(site)["conditions"] == ["", "Indoor", "Night", "Outdoor"]
    monkeypatch.setattr(module, "PAIRS_AT_MOST", 4)
    assert pair_data(site)["conditions"] == [""]


def test_devices_without_a_score_or_of_another_league_have_no_pair(tmp_path):
    scores = {"Bar": {"Aster": (2.0, 2.1)}, "Hall": {"Birch": (1.0, 1.2)}}
    data = pair_data(ranked_site(tmp_path / "run", scores=scores))
    assert [device[3] for device in data["devices"]] == [1, 2]
    assert data["pairs"] == [[{}, {}]]


def test_kinds_are_sent_by_their_place(tmp_path):
    data = pair_data(ranked_site(tmp_path / "run"))
    cell = data["pairs"][0][0][2]
    assert tuple(data["kinds"]) == KINDS
    assert KINDS[cell[8]] == "clear"
