"""Scores that come with a standard deviation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from piqa_cli.rank.additive import fit_additive, weights_of
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
