from __future__ import annotations

import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from piqa_cli.rank.ranking import rank_captures
from piqa_cli.rank.records import Rules, ScoredCapture
from piqa_cli.records import DeviceRank
from tests.rank.parts import rank_overall

T1 = 12.706204736174698  # Student's t, two-sided 95 %, 1 degree of freedom, from tables


def test_two_devices_and_two_scenes_by_hand(captures):
    # Device means 4.5 and 1.5; every residual is +-0.5 with 1 degree of freedom: variance 1.
    # The standard error of a gap is sqrt(1/2 + 1/2) = 1, that of an effect half of it.
    rows = captures({"s1/a": (3.0,), "s2/a": (6.0,), "s1/b": (1.0,), "s2/b": (2.0,)})
    a, b = rank_overall(rows, jod_per_unit=1.0)
    assert a == DeviceRank(
        condition=None,
        league=1,
        device="a",
        firmware=None,
        n_scenes=2,
        n_captures=2,
        score=pytest.approx(1.5),
        ci_low=pytest.approx(1.5 - T1 / 2),
        ci_high=pytest.approx(1.5 + T1 / 2),
        rank=1,
        rank_low=1,
        rank_high=2,
        preference=pytest.approx(0.844172, abs=1e-6),  # Phi(0.6745 * 1.5), from tables
        note=None,
        reference=None,
        gap=pytest.approx(1.5),
        gap_low=pytest.approx(1.5 - T1 / 2),
        gap_high=pytest.approx(1.5 + T1 / 2),
        take_sd=None,
        take_df=0,
        worst_gap=pytest.approx(1.0),  # levels 2 and 4: one over the first, two over the second
        worst_capture="s1/a/0.jpg",
        ranked=True,
        residual_sd=pytest.approx(1.0),  # both residuals 0.5, with half a degree of freedom
        residual_df=pytest.approx(0.5),
        uneven=None,
    )
    assert (b.device, b.rank, b.score) == ("b", 2, pytest.approx(-1.5))


def test_a_missing_cell_is_missing_not_last(captures):
    # c was only taken in the bright scene; raw means would put it first by 3, it leads by 1.
    rows = captures({"dark/a": (1.0,), "dark/b": (0.0,), "day/a": (7.0,), "day/b": (6.0,)})
    rows += captures({"day/c": (8.0,)})
    ranks = rank_overall(rows, jod_per_unit=1.0)
    assert [(r.device, r.rank_low, r.rank_high, r.n_scenes) for r in ranks] == [
        ("c", 1, 1, 1),
        ("a", 2, 2, 2),
        ("b", 3, 3, 2),
    ]
    assert [r.score for r in ranks] == pytest.approx([1.0, 0.0, -1.0])


def test_every_cell_weighs_one_whatever_its_takes(captures):
    rows = captures({"s1/a": (4.0,) * 9, "s2/a": (1.0,), "s1/b": (0.0,), "s2/b": (0.0,)})
    a, b = rank_overall(rows)
    assert (a.score - b.score, a.n_captures) == (pytest.approx(2.5), 10)


def test_one_scene_leaves_no_degrees_of_freedom(captures):
    ranks = rank_overall(captures({"s/a": (1.0,), "s/b": (0.0,)}), jod_per_unit=1.0)
    assert [(r.ci_low, r.ci_high, r.rank_low, r.rank_high) for r in ranks] == [
        (None, None, 1, 1),
        (None, None, 2, 2),
    ]
    assert ranks[0].note == "no interval: too few scenes shared between devices"


def test_without_jod_there_is_no_preference(captures):
    (rank, _) = rank_overall(captures({"s/a": (1.0,), "s/b": (0.0,)}))
    assert (rank.preference, rank.rank_low, rank.rank_high) == (None, 1, 2)
    assert "no preference: the scores have no JOD scale" in str(rank.note)


def test_devices_without_a_chain_of_scenes_are_leagues(captures):
    rows = captures({"s1/a": (1.0,), "s1/b": (2.0,), "s2/b": (2.0,), "s2/c": (5.0,)})
    rows += captures({"s3/x": (9.0,), "s3/y": (8.0,), "s4/lonely": (7.0,)})
    ranks = rank_overall(rows, jod_per_unit=1.0)
    assert [(r.league, r.device, r.rank, r.preference is None) for r in ranks] == [
        (1, "c", 1, False),
        (1, "b", 2, False),
        (1, "a", 3, False),
        (2, "x", 1, False),
        (2, "y", 2, False),
        (3, "lonely", 1, True),
    ]
    assert ranks[3].score == pytest.approx(0.5)
    assert str(ranks[5].note) == (
        "group 3 of 3: shares no scenes with the others, not comparable with them; "
        "alone in its group, nothing to compare it with"
    )


def test_two_leagues_say_so(captures):
    ranks = rank_overall(captures({"s1/a": (1.0,), "s2/b": (2.0,)}), jod_per_unit=1.0)
    assert [(r.league, r.device, str(r.note)[:14]) for r in ranks] == [
        (1, "a", "group 1 of 2: "),
        (2, "b", "group 2 of 2: "),
    ]


def test_new_names_change_no_figure(captures):
    rng = np.random.default_rng(5)
    cells = [(s, d) for s in "stu" for d in "abcd" if (s, d) != ("t", "c")]
    scores = {cell: tuple(rng.normal(0, 1, 2)) for cell in cells}
    new = dict(zip("abcd", "zyxw", strict=True))
    before = rank_overall(captures({f"{s}/{d}": v for (s, d), v in scores.items()}))
    after = rank_overall(captures({f"{s}/{new[d]}": v for (s, d), v in scores.items()}))
    assert [new[r.device] for r in before] == [r.device for r in after]
    for one, two in zip(before, after, strict=True):
        assert (one.rank, one.rank_low, one.rank_high) == (two.rank, two.rank_low, two.rank_high)
        assert (one.score, one.ci_low) == pytest.approx((two.score, two.ci_low))


def test_conditions_are_ranked_on_their_own_scenes(captures):
    table = {"s1/a": (1.0,), "s1/b": (0.0,), "s2/a": (0.0,), "s2/b": (3.0,), "s2/c": (0.5,)}
    ranks = rank_overall(captures(table, {"s1": "Outdoor", "s2": "Night"}), jod_per_unit=1.0)
    assert [(r.condition, r.device, r.rank, r.n_scenes) for r in ranks] == [
        (None, "b", 1, 2),
        (None, "a", 2, 2),
        (None, "c", 3, 1),
        ("Night", "b", 1, 1),
        ("Night", "c", 2, 1),
        ("Night", "a", 3, 1),
        ("Outdoor", "a", 1, 1),
        ("Outdoor", "b", 2, 1),
    ]


def test_a_single_device_is_first_of_one(captures):
    (rank,) = rank_overall(captures({"s1/a": (1.0, 2.0), "s2/a": (4.0,)}), jod_per_unit=1.0)
    assert (rank.score, rank.rank, rank.rank_low, rank.rank_high) == (0.0, 1, 1, 1)
    assert (rank.ci_low, rank.note) == (None, "alone in its group, nothing to compare it with")


def test_nothing_ranks_to_nothing():
    assert rank_overall([]) == ()


def test_fifty_scenes_by_two_hundred_devices_take_no_longer_than_three_copies_of_their_pairs():
    """A second or two; the copies are slowed by whatever slows the ranks."""
    rng = np.random.default_rng(1)
    rows = [
        ScoredCapture(f"{s}/{d}/{t}", f"s{s}", f"d{d}", float(rng.normal()), condition=f"c{s % 4}")
        for s in range(50)
        for d in range(200)
        for t in range(2)
    ]

    def time_in_copies():
        start = time.process_time()
        ranking = rank_captures(rows, rules=Rules(0.3, 1.0))
        ranked = time.process_time()
        copies = [replace(pair) for pair in ranking.pairs]
        copied = time.process_time()
        assert len(ranking.devices) == 5 * 200
        assert len(copies) == 5 * 200 * 199 / 2
        return (ranked - start) / (copied - ranked)

    traced = 2.0 if sys.gettrace() else 1.0  # by a measurement of coverage
    assert any(time_in_copies() < 3.0 * traced for _ in range(5))
