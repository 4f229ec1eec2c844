"""The fit against textbook regression, and its invariants."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from piqa_cli.rank.additive import fit_additive, leagues
from piqa_cli.rank.contrast import contrast


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


def by_statsmodels(cells: np.ndarray):
    """Regression on dummy variables: tests of the effects, tests of the gaps, and the fit.

    The effects sum to zero because the last device is minus the sum of the others.
    """
    devices, scenes = cells.shape
    row, column = np.nonzero(np.isfinite(cells))
    effects = np.vstack([np.eye(devices - 1), -np.ones(devices - 1)])
    fit = sm.OLS(cells[row, column], np.hstack([effects[row], np.eye(scenes)[column]])).fit()
    contrast = np.hstack([effects, np.zeros((devices, scenes))])
    first, second = np.triu_indices(devices, 1)
    return fit.t_test(contrast), fit.t_test(contrast[first] - contrast[second]), fit


@pytest.mark.parametrize("seed", range(20))
def test_with_one_variance_for_all_intervals_are_those_of_statsmodels(seed):
    _, cells = a_lab(seed, devices=7, scenes=6)
    fit = fit_additive(cells)
    found = contrast(fit, field_df=1e12)
    own, gaps, expected = by_statsmodels(cells)
    pairs = np.triu_indices(7, 1)
    np.testing.assert_allclose(fit.effects, own.effect, atol=1e-9)
    np.testing.assert_allclose(fit.levels, expected.params[6:], atol=1e-9)
    np.testing.assert_allclose((fit.variance, fit.df), (expected.mse_resid, expected.df_resid))
    own_high, gap_high = own.conf_int(0.05)[:, 1], gaps.conf_int(0.05)[:, 1]
    np.testing.assert_allclose(fit.effects + found.effect_half, own_high, rtol=1e-7)
    np.testing.assert_allclose(gaps.effect + found.gap_half[pairs], gap_high, rtol=1e-7)
    np.testing.assert_allclose(fit.own_df.sum(), fit.df)


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


def test_leagues_follow_chains_and_come_by_size():
    there = np.array([[0, 0, 1], [1, 0, 0], [1, 1, 0], [0, 1, 0]], dtype=bool)
    assert [rows.tolist() for rows in leagues(there)] == [[1, 2, 3], [0]]
