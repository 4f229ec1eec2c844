"""Devices with too few scenes or captures for a rank."""

from __future__ import annotations

import pytest

from piqa_cli.rank.ranking import rank_captures
from piqa_cli.rank.records import Rules
from piqa_cli.records import Competitor

JOD = Rules(0.3, 1.0)
FIELD = {
    f"s{scene}/{device}": (level + 0.1 * ((scene * place) % 3),)
    for place, (device, level) in enumerate({"a": 2.0, "b": 1.0, "c": 0.0}.items())
    for scene in range(5)
}


def overall(rows, rules=JOD):
    return {
        row.device: row for row in rank_captures(rows, rules=rules).devices if row.condition is None
    }


def test_a_device_with_one_scene_of_five_is_listed_after_the_ranked(captures):
    told = overall(captures({**FIELD, "s1/lucky": (9.0,)}))
    assert list(told) == ["a", "b", "c", "lucky"]
    lucky = told["lucky"]
    assert (lucky.ranked, lucky.rank, lucky.rank_low, lucky.rank_high) == (False, 4, 4, 4)
    assert lucky.note == "not ranked: 1 scene shared with others, 2 needed"
    assert lucky.score > told["a"].score


def test_it_changes_nothing_of_the_others(captures):
    before = overall(captures(FIELD))
    after = overall(captures({**FIELD, "s1/lucky": (9.0,)}))
    for name, row in before.items():
        now = after[name]
        assert (now.rank, now.rank_low, now.rank_high) == (row.rank, row.rank_low, row.rank_high)
        assert (now.score, now.ci_low, now.gap) == pytest.approx((row.score, row.ci_low, row.gap))
        assert (now.worst_gap, now.ranked) == (pytest.approx(row.worst_gap), True)


def test_it_is_in_no_pair(captures):
    pairs = rank_captures(captures({**FIELD, "s1/lucky": (9.0,)}), rules=JOD).pairs
    assert [(p.device_a, p.device_b) for p in pairs] == [("a", "b"), ("a", "c"), ("b", "c")]


def test_a_scene_of_its_own_is_no_evidence(captures):
    told = overall(captures({**FIELD, "s1/lucky": (9.0,), "alone/lucky": (9.0,)}))
    assert (told["lucky"].ranked, told["lucky"].n_scenes) == (False, 2)


def test_in_a_field_of_four_scenes_one_is_enough_unless_more_are_asked_for(captures):
    few = {cell: scores for cell, scores in FIELD.items() if not cell.startswith("s4")}
    rows = captures({**few, "s1/lucky": (9.0,)})
    assert overall(rows)["lucky"].ranked
    assert not overall(rows, Rules(0.3, 1.0, min_scenes=2))["lucky"].ranked


def test_captures_can_be_asked_for_too(captures):
    rows = captures({**FIELD, "s0/a": (2.0, 2.1)})
    told = overall(rows, Rules(0.3, 1.0, min_captures=6))
    assert [(row.device, row.ranked) for row in told.values()] == [
        ("a", True),
        ("b", False),
        ("c", False),
    ]
    assert told["b"].note == "not ranked: 5 captures, 6 needed"
    assert (told["a"].score, told["a"].rank_high) == (pytest.approx(0.0), 1)


def test_a_condition_asks_for_no_more_scenes_than_it_has(captures):
    rows = captures(FIELD, {"s0": "Night", "s1": "Night"})
    told = rank_captures(rows, rules=Rules(0.3, 1.0, min_scenes=4)).devices
    assert all(row.ranked for row in told)


def test_against_an_unranked_reference_there_is_no_gap(captures):
    rules = Rules(0.3, 1.0, Competitor("lucky"))
    told = overall(captures({**FIELD, "s1/lucky": (9.0,)}), rules)
    assert (told["a"].gap, told["a"].preference) == (None, None)
    assert told["a"].note == (
        "no gap: the reference lucky is not ranked: 1 scene shared with others, 2 needed"
    )


def test_who_is_not_ranked_overall_is_not_in_a_condition_either(captures):
    rows = captures({**FIELD, "s1/lucky": (9.0,)}, {"s0": "Night", "s1": "Night"})
    night = [row for row in rank_captures(rows, rules=JOD).devices if row.condition == "Night"]
    assert [(row.device, row.ranked) for row in night][-1] == ("lucky", False)
    assert sum(row.ranked for row in night) == 3
    assert night[-1].why_unranked == (
        "not ranked over all scenes: 1 scene shared with others, 2 needed"
    )
