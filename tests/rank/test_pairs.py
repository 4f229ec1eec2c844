from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import wilcoxon
from statsmodels.stats.multitest import multipletests

from piqa_cli.rank.pairs import compare
from piqa_cli.rank.ranking import rank_captures
from piqa_cli.rank.records import Rules
from piqa_cli.records import Competitor, PairRank

T1 = 12.706204736174698  # Student's t, two-sided 95 %, 1 degree of freedom, from tables
JOD = Rules(0.3, 1.0)


def pairs_of(rows, rules=JOD):
    return rank_captures(rows, rules=rules).pairs


def test_two_devices_and_two_scenes_by_hand(captures):
    # Differences 2 and 4: mean 3, variance 2, standard error of the mean 1.
    rows = captures({"s1/a": (1.0,), "s2/a": (1.5, 2.5), "s1/b": (3.0,), "s2/b": (6.0,)})
    assert pairs_of(rows) == (
        PairRank(
            condition=None,
            league=1,
            device_a="b",
            firmware_a=None,
            device_b="a",
            firmware_b=None,
            n_scenes=2,
            difference=pytest.approx(3.0),
            ci_low=pytest.approx(3 - T1),
            ci_high=pytest.approx(3 + T1),
            wins=2,
            ties=0,
            losses=0,
            preference=pytest.approx(0.978490, abs=1e-6),  # Phi(0.6745 * 3), from tables
            family="neighbours",
            p_value=None,
            p_holm=None,
            note="no p-value: too few scenes",
            shared_difference=3.0,
        ),
    )


def test_scenes_are_won_tied_and_lost_by_the_tie(captures):
    gaps = {"s1": 0.3, "s2": 0.29, "s3": 0.0, "s4": -0.29, "s5": -0.3, "s6": 4.0}
    rows = captures({f"{s}/a": (gap,) for s, gap in gaps.items()})
    rows += captures({f"{s}/b": (0.0,) for s in gaps})
    told = [
        pairs_of(rows, rules)[0]
        for rules in (JOD, Rules(0.3, 2.0), Rules(0.3, None), Rules(0.0, 1.0))
    ]
    assert [(pair.wins, pair.ties, pair.losses) for pair in told] == [
        (2, 3, 1),
        (3, 1, 2),
        (3, 1, 2),
        (3, 1, 2),
    ]
    assert told[2].preference is None


def test_pairs_without_a_shared_scene_stand_there_and_say_so(captures):
    rows = captures({"s1/a": (1.0,), "s1/b": (2.0,), "s2/b": (2.0,), "s2/c": (5.0,)})
    told = pairs_of(rows)
    lack = "no interval: too few scenes shared between devices"
    assert [(p.device_a, p.device_b, p.n_scenes, p.shared_difference, p.note) for p in told] == [
        ("c", "b", 1, 3.0, f"{lack}; no p-value: too few scenes"),
        ("c", "a", 0, None, f"no shared scene: compared through others; {lack}"),
        ("b", "a", 1, 1.0, f"{lack}; no p-value: too few scenes"),
    ]
    assert [p.difference for p in told] == pytest.approx([3.0, 4.0, 1.0])


def test_leagues_and_conditions_have_their_own_pairs(captures):
    rows = captures(
        {"s1/a": (2.0,), "s1/b": (1.0,), "s2/x": (1.0,), "s2/y": (2.0,)}, {"s2": "Night"}
    )
    told = pairs_of(rows)
    assert [(p.condition, p.league, p.device_a, p.device_b) for p in told] == [
        (None, 1, "a", "b"),
        (None, 2, "y", "x"),
        ("Night", 1, "y", "x"),
    ]


@pytest.fixture
def lab(captures):
    """Nine scenes by four devices; d lacks three."""
    rng = np.random.default_rng(3)
    scores = rng.normal(0, 0.5, (4, 9)) + np.array([[3.0], [1.0], [2.0], [0.0]])
    table = {
        f"s{scene}/{device}": (float(scores[row, scene]),)
        for row, device in enumerate("abcd")
        for scene in range(9)
        if device != "d" or scene > 2
    }
    return scores, captures(table)


def test_differences_and_tests_are_those_of_scipy_and_statsmodels(lab):
    scores, rows = lab
    told = {(p.device_a, p.device_b): p for p in pairs_of(rows)}
    for (a, b), pair in told.items():
        gaps = scores["abcd".index(a)] - scores["abcd".index(b)]
        shared = gaps[3:] if "d" in (a, b) else gaps
        assert pair.shared_difference == pytest.approx(shared.mean())
    neighbours = [pair for pair in told.values() if pair.family is not None]
    assert [(p.device_a, p.device_b) for p in neighbours] == [("a", "c"), ("c", "b"), ("b", "d")]
    p = [
        wilcoxon(scores[0] - scores[2]).pvalue,
        wilcoxon(scores[2] - scores[1]).pvalue,
        wilcoxon((scores[1] - scores[3])[3:]).pvalue,
    ]
    assert [pair.p_value for pair in neighbours] == pytest.approx(p)
    assert [pair.p_holm for pair in neighbours] == pytest.approx(multipletests(p, method="holm")[1])


def test_with_a_reference_the_family_is_all_against_it(lab):
    told = pairs_of(lab[1], Rules(0.3, 1.0, Competitor("c", None)))
    assert [(p.device_a, p.device_b) for p in told if p.family == "reference"] == [
        ("a", "c"),
        ("c", "b"),
        ("c", "d"),
    ]
    assert all(p.p_holm is not None for p in told if p.family)
    assert all(p.p_value is None for p in told if not p.family)


def test_a_league_without_the_reference_has_no_family(captures):
    rows = captures({"s1/a": (1.0,), "s1/b": (2.0,), "s2/x": (1.0,), "s2/y": (2.0,)})
    told = pairs_of(rows, Rules(0.3, 1.0, Competitor("a", None)))
    assert [(p.league, p.family) for p in told] == [(1, "reference"), (2, None)]


def test_a_device_may_be_compared_with_none():
    told = compare(np.array([1.0, np.nan]), np.empty((0, 2)))
    assert [len(told.n), len(told.mean), len(told.wins)] == [0, 0, 0]


def test_a_pair_says_what_the_ranks_say(lab):
    ranking = rank_captures(lab[1], rules=Rules(0.3, 1.0, Competitor("c", None)))
    rows = {row.device: row for row in ranking.devices}
    for pair in ranking.pairs:
        a, b = rows[pair.device_a], rows[pair.device_b]
        assert pair.difference == pytest.approx(a.score - b.score)
        if pair.device_b == "c":
            assert (pair.difference, pair.ci_low, pair.ci_high) == (a.gap, a.gap_low, a.gap_high)
    clear = [p for p in ranking.pairs if p.ci_low > 0 and p.difference >= 0.3]
    for name, row in rows.items():
        assert row.rank_low == 1 + sum(p.device_b == name for p in clear)
        assert row.rank_high == 4 - sum(p.device_a == name for p in clear)
