"""The 4-parameter logistic, against known curves and scipy's own search."""

import numpy as np
import pytest
from scipy.optimize import curve_fit

from piqa_cli.evaluate.logistic import fit_logistic


def published(s, b1, b2, b3, b4):
    return b2 + (b1 - b2) / (1 + np.exp(-(s - b3) / np.abs(b4)))


def test_a_known_curve_is_found_again():
    scores = np.linspace(-3, 3, 25)
    curve = fit_logistic(scores, published(scores, 2.0, -1.0, 0.5, 0.7))
    assert (curve.b1, curve.b2, curve.b3, curve.b4) == pytest.approx((2.0, -1.0, 0.5, 0.7))
    assert curve.start == "published"
    assert curve.at(np.array([0.5]))[0] == pytest.approx(0.5)  # half way between -1 and 2


@pytest.mark.parametrize("seed", range(5))
def test_jod_like_scores_fit_as_the_published_code_fits_them(seed):
    rng = np.random.default_rng(seed)
    truth = rng.normal(0, 1.4, 60)
    scores = np.tanh(truth) * 2 + rng.normal(0, 0.6, 60)
    start = (truth.max(), truth.min(), scores.mean(), 0.5)
    found, _ = curve_fit(published, scores, truth, p0=start, maxfev=10**8)
    curve = fit_logistic(scores, truth)
    assert curve.at(scores) == pytest.approx(published(scores, *found), abs=5e-5)


def test_the_unit_of_the_score_does_not_matter():
    rng = np.random.default_rng(1)
    truth = rng.normal(0, 1.4, 80)
    scores = np.tanh(truth) + rng.normal(0, 0.2, 80)
    one = fit_logistic(scores, truth).at(scores)
    for unit in (1e-3, 1000.0):
        curve = fit_logistic(scores * unit + 7 * unit, truth)
        assert curve.at(scores * unit + 7 * unit) == pytest.approx(one, abs=2e-3)


def test_scores_that_run_against_the_truth_give_a_falling_curve():
    scores = np.linspace(0, 10, 20)
    curve = fit_logistic(scores, 30 - 2 * scores + np.sin(scores))
    assert curve.falls
    assert not fit_logistic(scores, 2 * scores + np.sin(scores)).falls
