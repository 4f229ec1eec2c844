"""The fit against textbook regression, its invariants, and the coverage of its intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from piqa_cli.rank.additive import fit_additive, leagues
from piqa_cli.rank.intervals import t_quantile


def a_lab(seed: int, *, devices: int, scenes: int, missing: float = 0.3):
    """True device qualities, and a connected table of cell means with noise and holes."""
    rng = np.random.default_rng(seed)
    while True:
        quality = rng.normal(0, 1, devices)
        cells = quality[:, None] + rng.normal(0, 2, scenes) + rng.normal(0, 0.5, (devices, scenes))
        cells[rng.random(cells.shape) < missing] = np.nan
        there = np.isfinite(cells)
        if there.any(axis=0).all() and there.any(axis=1).all() and len(leagues(there)) == 1:
            return quality, cells


def by_dummy_variables(cells: np.ndarray):
    """Effects, gap errors and variance by regression on dummy variables, first device as base."""
    devices, scenes = cells.shape
    row, column = np.nonzero(np.isfinite(cells))
    design = np.zeros((len(row), devices - 1 + scenes))
    design[np.arange(len(row))[row > 0], row[row > 0] - 1] = 1
    design[np.arange(len(row)), devices - 1 + column] = 1
    values = cells[row, column]
    beta, *_ = np.linalg.lstsq(design, values, rcond=None)
    variance = np.sum((values - design @ beta) ** 2) / (len(row) - design.shape[1])
    covariance = np.zeros((devices, devices))
    covariance[1:, 1:] = variance * np.linalg.inv(design.T @ design)[: devices - 1, : devices - 1]
    effects = np.concatenate([[0.0], beta[: devices - 1]])
    centre = np.eye(devices) - 1 / devices
    return centre @ effects, centre @ covariance @ centre.T, variance


@pytest.mark.parametrize("seed", range(20))
def test_the_fit_equals_regression_on_dummy_variables(seed):
    _, cells = a_lab(seed, devices=7, scenes=6)
    fit = fit_additive(cells)
    effects, covariance, variance = by_dummy_variables(cells)
    own = np.diagonal(covariance)
    gaps = np.sqrt(np.maximum(own[:, None] + own[None, :] - 2 * covariance, 0))
    np.testing.assert_allclose(fit.effects, effects, atol=1e-9)
    np.testing.assert_allclose(fit.variance, variance, rtol=1e-9)
    np.testing.assert_allclose(fit.effect_errors(), np.sqrt(own), rtol=1e-7)
    np.testing.assert_allclose(fit.gap_errors(), gaps, rtol=1e-7, atol=1e-7)


tables = st.builds(
    a_lab,
    st.integers(0, 10_000),
    devices=st.integers(2, 8),
    scenes=st.integers(2, 8),
    missing=st.sampled_from([0.0, 0.2, 0.4]),
)
quick = settings(max_examples=40, deadline=None, derandomize=True)


@quick
@given(tables, st.floats(-100, 100), st.integers(0, 7))
def test_a_constant_added_to_a_scene_changes_nothing(lab, constant, scene):
    cells = lab[1]
    moved = cells.copy()
    moved[:, scene % cells.shape[1]] += constant
    before, after = fit_additive(cells), fit_additive(moved)
    np.testing.assert_allclose(after.effects, before.effects, atol=1e-9)
    if before.variance is not None:
        np.testing.assert_allclose(after.variance, before.variance, atol=1e-9)


@quick
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_devices_doesnt_matter(lab, random):
    cells = lab[1]
    order = list(range(len(cells)))
    random.shuffle(order)
    np.testing.assert_allclose(
        fit_additive(cells[order]).effects, fit_additive(cells).effects[order], atol=1e-9
    )


@quick
@given(st.integers(0, 1000), st.integers(3, 8), st.integers(1, 6))
def test_in_a_full_table_another_device_doesnt_move_a_gap(seed, devices, scenes):
    _, cells = a_lab(seed, devices=devices, scenes=scenes, missing=0.0)
    full, fewer = fit_additive(cells).effects, fit_additive(cells[:-1]).effects
    np.testing.assert_allclose(full[0] - full[1], fewer[0] - fewer[1], atol=1e-9)


@quick
@given(tables, st.integers(0, 1000))
def test_holes_bias_nothing_where_there_is_no_noise(lab, seed):
    quality, cells = lab
    scene = np.random.default_rng(seed).normal(0, 5, cells.shape[1])
    exact = np.where(np.isfinite(cells), quality[:, None] + scene, np.nan)
    fit = fit_additive(exact)
    np.testing.assert_allclose(fit.effects, quality - quality.mean(), atol=1e-9)
    assume(fit.variance is not None)
    assert fit.variance < 1e-20


@pytest.mark.parametrize("scenes", [3, 10])
def test_the_interval_of_a_gap_holds_the_truth_in_95_of_100_labs(scenes):
    held, told = 0, 0
    for seed in range(200):
        quality, cells = a_lab(seed, devices=8, scenes=scenes)
        fit = fit_additive(cells)
        errors = fit.gap_errors()
        assert errors is not None
        pairs = np.triu_indices(8, 1)
        gap = (fit.effects[:, None] - fit.effects)[pairs]
        truth = (quality[:, None] - quality)[pairs]
        held += int(np.sum(np.abs(gap - truth) <= t_quantile(fit.df) * errors[pairs]))
        told += len(gap)
    assert 0.92 < held / told < 0.98


def test_leagues_follow_chains_and_come_by_size():
    there = np.array([[0, 0, 1], [1, 0, 0], [1, 1, 0], [0, 1, 0]], dtype=bool)
    assert [rows.tolist() for rows in leagues(there)] == [[1, 2, 3], [0]]
