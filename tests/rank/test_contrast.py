"""Intervals of gaps where every device has a variance of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t, ttest_rel

from piqa_cli.rank.additive import fit_additive
from piqa_cli.rank.cells import gather
from piqa_cli.rank.contrast import FIELD_DF, contrast, own_variances, unevenness
from piqa_cli.rank.records import ScoredCapture
from tests.rank.halves import agreement
from tests.rank.labs import DEVICES, Case, cell_means
from tests.rank.test_additive import a_lab


def test_two_devices_by_themselves_have_the_interval_of_a_paired_t_test():
    one, two = np.random.default_rng(1).normal(size=(2, 6))
    found = contrast(fit_additive(np.array([one, two])))
    interval = ttest_rel(one, two).confidence_interval(0.95)
    assert found.gap_half[0, 1] == pytest.approx((interval.high - interval.low) / 2)
    assert found.effect_half == pytest.approx(found.gap_half[0, 1] / 2)


@pytest.mark.parametrize("seed", range(5))
def test_the_variance_of_a_gap_is_that_of_its_sum_of_cells(seed):
    # Every cell has a column of the pseudo-inverse of the design, and the variance of its device.
    cells = a_lab(seed, devices=5, scenes=6)[1]
    fit = fit_additive(cells)
    row, column = np.nonzero(np.isfinite(cells))
    design = np.hstack([np.eye(5)[row], np.eye(6)[column]])
    effects = np.linalg.pinv(design)[:5]
    effects -= effects.mean(axis=0)
    shares = (effects[0] - effects[3]) ** 2 * own_variances(fit)[row]
    parts = np.array([shares[row == 0].sum(), shares[row == 3].sum()])
    rest, df = shares.sum() - parts.sum(), FIELD_DF + fit.own_df[[0, 3]]
    satterthwaite = shares.sum() ** 2 / ((parts**2 / df).sum() + rest**2 / fit.df)
    half = t.ppf(0.975, min(satterthwaite, fit.df)) * np.sqrt(shares.sum())
    assert contrast(fit).gap_half[0, 3] == pytest.approx(half)


def test_of_mixed_residuals_every_device_gets_its_own_variance():
    # In a complete table of 3 devices and 4 scenes the residuals of device k are expected to have
    # 3 times v_k / 3 plus a ninth of all: with variances 4, 1, 1 that is 6, 3 and 3.
    fit = replace(fit_additive(np.zeros((3, 4))), squares=np.array([6.0, 3.0, 3.0]))
    assert fit.own_df == pytest.approx(2.0)
    assert own_variances(fit, field_df=0.0) == pytest.approx([4.0, 1.0, 1.0], abs=1e-3)
    assert own_variances(fit, field_df=1e12) == pytest.approx(2.0)


def test_a_moody_device_has_wider_intervals_and_leaves_those_of_others():
    cells = np.random.default_rng(3).normal(0, 0.3, (8, 20))
    moody = cells.copy()
    moody[0] *= 5
    before, after = contrast(fit_additive(cells)), contrast(fit_additive(moody))
    assert after.gap_half[0, 1:].min() > 2 * before.gap_half[0, 1:].max()
    # One variance for all would be four times as large, and every interval twice as wide.
    assert after.gap_half[1:, 1:].sum() < 1.4 * before.gap_half[1:, 1:].sum()


def test_a_scene_without_residuals_leaves_intervals_of_no_width():
    found = contrast(fit_additive(np.array([[1.0, 3.0], [0.0, 2.0]])))
    assert found.gap_half.tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_a_device_that_strays_clearly_more_is_marked():
    cells = np.random.default_rng(3).normal(0, 0.3, (8, 20))
    cells[2] *= 5
    found = unevenness(fit_additive(cells))
    assert np.flatnonzero(found.clear).tolist() == [2]
    assert found.sd[2] > 3 * np.delete(found.sd, 2).max()
    assert found.tested.all()


def test_in_even_labs_few_devices_are_marked():
    labs = [cell_means(Case("", 10), np.random.default_rng(seed))[1] for seed in range(200)]
    marked = [unevenness(fit_additive(means)).clear.any() for means in labs]
    assert np.mean(marked) < 0.08  # .05, and two standard errors


def test_halves_of_an_uneven_lab_agree_as_often_as_they_should():
    rng = np.random.default_rng(4)
    sd = np.linspace(0.2, 1.5, DEVICES)
    rows = [
        ScoredCapture(f"{s}/{d}", f"s{s}", f"d{d}", float(rng.normal(0, sd[d])))
        for s in range(40)
        for d in range(DEVICES)
    ]
    found = agreement(gather(rows, None), splits=40)
    assert 0.92 < found.joint < 0.99
    assert len(found.devices) == DEVICES
    assert found.devices.min() > 0.88
