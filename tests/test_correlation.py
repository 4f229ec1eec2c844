"""The correlations, against values worked out by hand and against scipy."""

import doctest

import numpy as np
import pytest
from scipy import stats

from piqa_cli import correlation
from piqa_cli.correlation import (
    average_ranks,
    kendall,
    pearson,
    spearman,
    spearman_interval,
    why_undefined,
)


def test_examples():
    result = doctest.testmod(correlation)
    assert (result.failed, result.attempted) == (0, 3)


def array(*values):
    return np.array(values, dtype=np.float64)


def test_by_hand():
    x, y = array(1, 2, 3, 4), array(1, 3, 2, 40)
    assert spearman(x, y) == pytest.approx(0.8)  # 1 - 6 * 2 / (4 * 15)
    assert kendall(x, y) == pytest.approx(4 / 6)  # 5 pairs right, 1 wrong
    assert pearson(x, array(1, 3, 2, 4)) == pytest.approx(0.8)


def test_kendall_with_ties_by_hand():
    # Six pairs, one tied in x, five concordant: 5 / sqrt(5 * 6).
    assert kendall(array(1, 2, 2, 3), array(1, 3, 2, 4)) == pytest.approx(0.912871, abs=1e-6)


def test_ties_share_their_mean_rank():
    assert average_ranks(array(3, 1, 3, 2, 3)).tolist() == [4.0, 1.0, 4.0, 2.0, 4.0]


@pytest.mark.parametrize("seed", range(6))
def test_scipy_agrees_also_with_ties(seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 12, 60).astype(np.float64)
    y = np.round(x + rng.normal(0, 4, 60))
    assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-12)
    assert pearson(x, y) == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-12)
    assert kendall(x, y) == pytest.approx(stats.kendalltau(x, y).statistic, abs=1e-12)


def test_tiny_and_huge_numbers_neither_vanish_nor_overflow():
    x = array(1, 2, 3, 5)
    assert pearson(x * 1e-200, x * 1e200) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("scores", "truth", "reason"),
    [
        ((1, 2, 3), (1, 2, 3), "under 4 photos"),
        ((1, 1, 1, 1), (1, 2, 3, 4), "constant scores"),
        ((1, 2, 3, 4), (0, 0, 0, 0), "constant truth"),
        ((0.1 + 0.2, 0.3, 0.3, 0.3), (1, 2, 3, 4), "constant scores"),
        ((1, 2, 3, 4), (1, 2, 2, 2), None),
    ],
)
def test_what_is_undefined_has_a_reason(scores, truth, reason):
    assert why_undefined(array(*scores), array(*truth)) == reason


def test_the_interval_of_a_scene_by_hand():
    # z = .5493, standard error sqrt(1.125 / 100): tanh(.5493 -+ .2079)
    assert spearman_interval(0.5, 103) == (
        pytest.approx(0.3287, abs=1e-4),
        pytest.approx(0.6394, abs=1e-4),
    )
    assert spearman_interval(1.0, 30) is None
    assert spearman_interval(0.5, 3) is None


@pytest.mark.parametrize(("rho", "n"), [(0.5, 30), (0.8, 100)])
def test_the_interval_of_a_scene_holds_often_enough(rho, n):
    rng = np.random.default_rng(0)
    truth = 6 / np.pi * np.arcsin(rho / 2)  # Spearman of a bivariate normal
    held = 0
    for _ in range(500):
        x, y = rng.normal(size=(2, n))
        low, high = spearman_interval(spearman(x, rho * x + np.sqrt(1 - rho**2) * y), n)
        held += low <= truth <= high
    assert 0.92 <= held / 500 <= 0.98
