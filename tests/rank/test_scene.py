from __future__ import annotations

from dataclasses import replace

import pytest

from piqa_cli.records import SceneRank
from tests.rank.parts import rank_scenes

T2 = 4.302652729911275  # Student's t, two-sided 95 %, 2 degrees of freedom, from tables


def test_one_scene_by_hand(captures):
    # Squared deviations 2 (a) + 0 (b) over 1 + 1 degrees of freedom: a take's variance is 1.
    rows = captures({"cafe/b": (1.0, 1.0), "cafe/a": (3.0, 5.0), "cafe/c": (2.0,)}, {"cafe": "Day"})
    a, c, b = rank_scenes(rows, tie_jod=0.0, jod_per_unit=1.0)
    assert a == SceneRank(
        scene="cafe",
        condition="Day",
        device="a",
        firmware=None,
        n_captures=2,
        score=4.0,
        gap_to_scene_mean=pytest.approx(4 - 7 / 3),
        worst_score=3.0,
        spread=pytest.approx(2**0.5),
        ci_low=pytest.approx(4 - T2 / 2**0.5),
        ci_high=pytest.approx(4 + T2 / 2**0.5),
        rank=1,
        rank_low=1,
        rank_high=3,  # the gap to b is 3, its interval's half 4.3
    )
    assert (c.device, c.rank, c.spread, c.ci_high) == ("c", 2, None, pytest.approx(2 + T2))
    assert (b.device, b.rank, b.spread, b.worst_score) == ("b", 3, 0.0, 1.0)


def test_noise_is_pooled_over_scenes_and_clear_gaps_narrow_the_range(captures):
    rows = captures(
        {
            "s1/a": (9.0, 11.0),
            "s1/b": (5.0,),
            "s1/c": (0.0,),
            "s2/a": (4.0, 4.0),
            "s2/b": (4.0,),
        }
    )
    ranks = rank_scenes(rows, tie_jod=0.0, jod_per_unit=1.0)
    # Variance 2 / 2 = 1; gaps a-b and b-c are 5, the halves 4.3 * sqrt(1.5) and 4.3 * sqrt(2).
    assert [(r.scene, r.device, r.rank, r.rank_low, r.rank_high) for r in ranks] == [
        ("s1", "a", 1, 1, 2),
        ("s1", "b", 2, 1, 3),
        ("s1", "c", 3, 2, 3),
        ("s2", "a", 1, 1, 2),
        ("s2", "b", 1, 1, 2),
    ]
    assert [r.gap_to_scene_mean for r in ranks] == [5.0, 0.0, -5.0, 0.0, 0.0]


def test_equal_scores_share_the_smaller_rank(captures):
    rows = captures({"s/a": (2.0,), "s/b": (3.0,), "s/c": (2.0,), "s/d": (1.0,)})
    ranks = rank_scenes(rows, tie_jod=0.5, jod_per_unit=1.0)
    assert [(r.device, r.rank, r.rank_low, r.rank_high) for r in ranks] == [
        ("b", 1, 1, 1),
        ("a", 2, 2, 3),
        ("c", 2, 2, 3),
        ("d", 4, 4, 4),
    ]


def test_without_a_second_take_only_jod_make_ties(captures):
    rows = captures({"s/a": (1.0,), "s/b": (0.8,), "s/c": (0.5,)})
    ranks = rank_scenes(rows, tie_jod=0.3, jod_per_unit=1.0)
    # "Tied" isn't transitive: a and b tie, b and c are exactly 0.3 apart, which is a clear gap.
    assert [(r.device, r.rank_low, r.rank_high, r.ci_low) for r in ranks] == [
        ("a", 1, 2, None),
        ("b", 1, 2, None),
        ("c", 3, 3, None),
    ]
    halved = rank_scenes(rows, tie_jod=0.3, jod_per_unit=0.5)
    assert [(r.rank_low, r.rank_high) for r in halved] == [(1, 3), (1, 3), (1, 3)]


def test_without_jod_the_interval_decides_alone(captures):
    rows = captures({"s/a": (1.0, 1.0), "s/b": (0.9, 0.9), "s/c": (0.9, 0.9)})
    ranks = rank_scenes(rows, tie_jod=0.3)
    assert [(r.rank_low, r.rank_high) for r in ranks] == [(1, 1), (2, 3), (2, 3)]


def test_without_interval_and_jod_every_rank_is_possible(captures):
    ranks = rank_scenes(captures({"s/a": (9.0,), "s/b": (1.0,)}))
    assert [(r.rank, r.rank_low, r.rank_high) for r in ranks] == [(1, 1, 2), (2, 1, 2)]


def test_scenes_and_equal_ranks_come_in_natural_order(captures):
    rows = captures({"s10/x": (1.0,), "s2/d10": (1.0,), "s2/D9": (1.0,)})
    assert [(r.scene, r.device) for r in rank_scenes(rows)] == [
        ("s2", "D9"),
        ("s2", "d10"),
        ("s10", "x"),
    ]


def test_firmware_competes_where_it_is_known_unless_devices_are_asked_for(captures):
    rows = captures({"s/a@v1": (1.0,), "s/a@v2": (3.0,), "s/b": (1.5,)})
    assert [(r.device, r.firmware) for r in rank_scenes(rows)] == [
        ("a", "v2"),
        ("b", None),
        ("a", "v1"),
    ]
    by_device = rank_scenes(rows, by="device")
    assert [(r.device, r.firmware, r.n_captures, r.score) for r in by_device] == [
        ("a", None, 2, 2.0),
        ("b", None, 1, 1.5),
    ]


def test_a_file_that_lies_twice_in_a_cell_counts_once(captures):
    a, b, c, other = captures({"s/a": (1.0, 1.0, 4.0), "t/a": (1.0,)})
    rows = [replace(c, sha256="y"), *(replace(row, sha256="x") for row in (a, b, other))]
    assert [(r.scene, r.n_captures, r.score) for r in rank_scenes(rows)] == [
        ("s", 2, 2.5),
        ("t", 1, 1.0),
    ]


def test_pixels_that_lie_twice_in_a_cell_count_once(captures):
    a, b, c, other = captures({"s/a": (1.0, 1.0, 4.0), "t/a": (1.0,)})
    rows = [
        replace(a, sha256="x", pixels_sha256="p"),
        replace(b, sha256="y", pixels_sha256="p"),
        replace(c, sha256="z", pixels_sha256=None),
        replace(other, sha256="u", pixels_sha256="p"),
    ]
    assert [(r.scene, r.n_captures, r.score) for r in rank_scenes(rows)] == [
        ("s", 2, 2.5),
        ("t", 1, 1.0),
    ]


def test_nothing_ranks_to_nothing_and_nan_is_refused(captures):
    assert rank_scenes([]) == ()
    with pytest.raises(ValueError, match="finite"):
        rank_scenes(captures({"s/a": (float("nan"),)}))
