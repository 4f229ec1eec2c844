"""Changes that must not change a ranking, from scored captures to every table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from piqa_cli.rank.ranking import rank_captures
from piqa_cli.rank.records import Rules, ScoredCapture
from piqa_cli.records import Competitor

quick = settings(max_examples=30, deadline=None, derandomize=True)


def a_run(seed: int, *, devices: int, scenes: int, missing: float) -> list[ScoredCapture]:
    """One to three takes in every cell that isn't missing."""
    rng = np.random.default_rng(seed)
    return [
        ScoredCapture(
            f"s{scene}/d{device}/{take}.jpg",
            f"s{scene}",
            f"d{device}",
            float(device / 4 + rng.normal(0, 0.5)),
            condition=("Day", "Night")[scene % 2],
        )
        for scene in range(scenes)
        for device in range(devices)
        if rng.random() >= missing
        for take in range(rng.integers(1, 4))
    ]


runs = st.builds(
    a_run,
    st.integers(0, 10_000),
    devices=st.integers(2, 6),
    scenes=st.integers(2, 8),
    missing=st.sampled_from([0.0, 0.3, 0.6]),
)
JOD = Rules(0.3, 1.0)


def figures(ranking, *, names=lambda device: device):
    """Every number of the overall ranking and of the pairs, by name."""
    own = {
        (r.condition, names(r.device)): (
            *(r.score, r.ci_low, r.ci_high, r.rank, r.rank_low, r.rank_high, r.preference),
            *(r.gap, r.gap_low, r.gap_high, r.take_sd, r.take_df, r.worst_gap),
            *(r.residual_sd, r.residual_df),
        )
        for r in ranking.devices
    }
    pairs = {
        (p.condition, names(p.device_a), names(p.device_b)): (
            *(p.n_scenes, p.difference, p.ci_low, p.ci_high, p.wins, p.ties, p.losses),
            *(p.preference, p.p_value, p.p_holm, p.shared_difference),
        )
        for p in ranking.pairs
    }
    return own | pairs


def same(one, two):
    assert one.keys() == two.keys()
    for key, values in one.items():
        assert values == pytest.approx(two[key], abs=1e-6), key


@quick
@given(runs, st.floats(-100, 100), st.integers(0, 7))
def test_a_constant_added_to_a_scene_changes_nothing_overall(rows, constant, scene):
    moved = [
        replace(row, score=row.score + constant) if row.scene == f"s{scene}" else row
        for row in rows
    ]
    same(figures(rank_captures(moved, rules=JOD)), figures(rank_captures(rows, rules=JOD)))


@quick
@given(runs, st.permutations(range(6)))
def test_new_names_permute_and_change_no_figure(rows, order):
    new = {f"d{i}": f"d{place}" for i, place in enumerate(order)}
    renamed = [replace(row, device=new[row.device]) for row in rows]
    before = figures(rank_captures(rows, rules=JOD), names=new.__getitem__)
    same(figures(rank_captures(renamed, rules=JOD)), before)


@quick
@given(st.integers(0, 10_000), st.integers(3, 6), st.integers(1, 6))
def test_in_a_complete_table_another_phone_moves_no_gap_of_two_others(seed, devices, scenes):
    rows = a_run(seed, devices=devices, scenes=scenes, missing=0.0)
    fewer = [row for row in rows if row.device != f"d{devices - 1}"]
    rules = Rules(0.3, 1.0, Competitor("d0", None))
    gaps = {(r.condition, r.device): r.gap for r in rank_captures(rows, rules=rules).devices}
    for rank in rank_captures(fewer, rules=rules).devices:
        assert rank.gap == pytest.approx(gaps[rank.condition, rank.device], abs=1e-9)


@quick
@given(runs, st.data())
def test_what_shared_scenes_say_of_two_devices_needs_no_third(rows, data):
    pairs = rank_captures(rows, rules=JOD).pairs
    shared = [p for p in pairs if p.condition is None and p.n_scenes]
    assume(shared)
    pair = data.draw(st.sampled_from(shared))
    two = [row for row in rows if row.device in (pair.device_a, pair.device_b)]
    alone = rank_captures(two, rules=replace(JOD, min_scenes=1)).pairs[0]
    sign = 1 if alone.device_a == pair.device_a else -1
    assert sign * alone.shared_difference == pytest.approx(pair.shared_difference, abs=1e-9)
    assert (alone.n_scenes, alone.ties) == (pair.n_scenes, pair.ties)


@quick
@given(runs)
def test_in_a_complete_table_pairs_and_model_agree(rows):
    scenes = {row.scene for row in rows}
    cells = {(row.scene, row.device) for row in rows}
    complete = {d for _, d in cells if all((s, d) in cells for s in scenes)}
    ranking = rank_captures([row for row in rows if row.device in complete], rules=JOD)
    score = {(r.condition, r.device): r.score for r in ranking.devices}
    for p in ranking.pairs:
        gap = score[p.condition, p.device_a] - score[p.condition, p.device_b]
        assert p.difference == pytest.approx(gap, abs=1e-9)
        assert p.shared_difference == pytest.approx(gap, abs=1e-9)
        assert p.difference >= -1e-9  # A is the better in rank
