"""Scores that come with a standard deviation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from piqa_cli.rank.additive import fit_additive, weights_of
from piqa_cli.rank.contrast import _CellSums, contrast, own_variances
from piqa_cli.rank.ranking import rank_captures
from piqa_cli.rank.records import Rules
from tests.rank.test_additive import a_lab
from tests.rank.test_invariants import a_run

JOD = Rules(0.3, 1.0)
LAB = a_run(3, devices=5, scenes=6, missing=0.2)


def with_sds(rows, sds):
    return [replace(row, score_sd=sd) for row, sd in zip(rows, sds, strict=True)]


@pytest.mark.parametrize("sd", [0.0, 0.1, 0.7])
def test_equal_deviations_change_no_bit(sd):
    assert rank_captures(with_sds(LAB, [sd] * len(LAB)), rules=JOD) == rank_captures(LAB, rules=JOD)


def test_a_score_without_one_counts_as_sure_as_the_median():
    sds = [(0.1, 0.3, 0.9, None)[n % 4] for n in range(len(LAB))]
    usual = float(np.median([sd for sd in sds if sd is not None]))
    filled = [usual if sd is None else sd for sd in sds]
    told = rank_captures(with_sds(LAB, sds), rules=JOD)
    assert told == rank_captures(with_sds(LAB, filled), rules=JOD)
    assert told != rank_captures(LAB, rules=JOD)


def test_weights_are_what_the_stated_variance_leaves():
    # Residual variance 1, stated 0.25 on average and 0.1 in the median: 0.75 is left to scenes.
    fit = fit_additive(np.array([[0.0, 1.0], [1.0, 0.0]]))
    assert fit.variance == pytest.approx(1.0)
    weights = weights_of(fit, np.array([[0.1, 0.1], [0.1, 0.7]]))
    assert weights == pytest.approx(np.array([[1.0, 1.0], [1.0, 0.85 / 1.45]]))


def test_the_fit_is_that_of_weighted_least_squares():
    cells = a_lab(2, devices=5, scenes=6)[1]
    noise = np.random.default_rng(0).uniform(0.01, 2.0, cells.shape)
    fit = fit_additive(cells, noise=noise)
    row, column = np.nonzero(np.isfinite(cells))
    root = np.sqrt(fit.weights[row, column])
    design = np.hstack([np.eye(5)[row], np.eye(6)[column]])
    solved = np.linalg.lstsq(root[:, None] * design, root * cells[row, column], rcond=None)[0]
    assert fit.effects == pytest.approx(solved[:5] - solved[:5].mean())
    assert fit.own_df.sum() == pytest.approx(fit.df)


def test_a_device_with_unsure_scores_has_wider_intervals():
    rows = a_run(5, devices=6, scenes=8, missing=0.0)
    unsure = [replace(row, score_sd=1.0 if row.device == "d0" else 0.1) for row in rows]
    before, after = (
        {row.device: row for row in rank_captures(lab, rules=JOD).devices if not row.condition}
        for lab in (rows, unsure)
    )
    relative = {name: _width(after[name]) / _width(row) for name, row in before.items()}
    assert relative.pop("d0") > 1.2 * max(relative.values())


def _width(row):
    return row.ci_high - row.ci_low


def gap_variances(fit, own):
    """Variances of gaps from the weights alone, by generalised least squares over all cells."""
    row, column = np.nonzero(fit.weights)
    n_rows, n_columns = fit.weights.shape
    design = np.zeros((len(row), n_rows + n_columns - 1))
    design[np.arange(len(row)), row] = 1.0
    later = column > 0
    design[np.flatnonzero(later), n_rows + column[later] - 1] = 1.0
    root = np.sqrt(fit.weights[row, column])
    inverse = np.linalg.pinv(design * root[:, None], rcond=1e-15) * root
    covariance = ((inverse * (own[row] / root**2)) @ inverse.T)[:n_rows, :n_rows]
    spread = np.diag(covariance)
    return spread[:, None] + spread - 2 * covariance


@pytest.mark.parametrize(("least", "most", "noise_of_lab"), [(1.0, 1e6, 1.0), (1e-12, 1e12, 1.0),
    (0.0, 1.0, 1e-16), (1e-12, 1.0, 1e-9)])  # fmt: skip
def test_stated_deviations_of_any_range_leave_intervals_sound(least, most, noise_of_lab):
    rng = np.random.default_rng(1)
    cells = rng.normal(size=(6, 1)) + rng.normal(size=8) + noise_of_lab * rng.normal(size=(6, 8))
    noise = np.where(rng.random((6, 8)) < 0.5, least, most)
    fit = fit_additive(cells, noise=noise)
    heaviest = fit.weights.max()
    assert 1.0 <= heaviest / fit.weights.min() <= 1e6 * (1 + 1e-9)
    gaps = contrast(fit)
    told = _CellSums.of(fit, own_variances(fit)).variances()[1]
    assert told == pytest.approx(gap_variances(fit, own_variances(fit)), rel=1e-5, abs=0)
    off = ~np.eye(6, dtype=bool)
    assert (gaps.gap_half[off] > 0).all()
    assert ((gaps.gap_df[off] >= 1) & (gaps.gap_df[off] <= fit.df)).all()


def test_a_device_of_which_next_to_nothing_is_known_moves_no_other():
    cells = a_lab(2, devices=5, scenes=6)[1]
    noise = np.full(cells.shape, 1.0)
    noise[0] = 1e12
    told = contrast(fit_additive(cells, noise=noise))
    alone = contrast(fit_additive(cells[1:]))
    assert told.gap_half[0, 1] > 100 * told.gap_half[1, 2]
    assert told.gap_half[1:, 1:] == pytest.approx(alone.gap_half, rel=0.5)
