"""The figures of one scene."""

import numpy as np
import pytest
from scipy import stats

from piqa_cli.evaluate.scene import RatedPhoto, scene_agreement


def photos(scores, truth):
    return [
        RatedPhoto(f"{i}.jpg", "Hall", float(s), float(t))
        for i, (s, t) in enumerate(zip(scores, truth, strict=True))
    ]


def test_every_figure_against_scipy():
    rng = np.random.default_rng(0)
    truth = rng.normal(0, 1.4, 50)
    scores = np.tanh(truth) + rng.normal(0, 0.3, 50) + 5
    figures = scene_agreement(photos(scores, truth))
    fitted = figures.curve.at(scores)
    assert figures.srcc == pytest.approx(stats.spearmanr(scores, truth).statistic)
    assert figures.plcc == pytest.approx(stats.pearsonr(scores, truth).statistic)
    assert figures.krcc == pytest.approx(stats.kendalltau(scores, truth).statistic)
    assert figures.plcc_fitted == pytest.approx(stats.pearsonr(fitted, truth).statistic)
    assert figures.mae == pytest.approx(np.mean(np.abs(fitted - truth)))
    assert figures.plcc_fitted > figures.plcc
    assert (figures.n, figures.note) == (50, None)


def test_the_average_is_of_the_three_raw_correlations():
    figures = scene_agreement(photos([1, 2, 3, 4], [1, 3, 2, 4]))
    assert figures.average == pytest.approx((0.8 + 0.8 + 4 / 6) / 3)


@pytest.mark.parametrize(
    ("scores", "truth", "note"),
    [
        ([1, 2, 3], [1, 2, 3], "undefined: under 4 photos"),
        ([2, 2, 2, 2, 2], [1, 2, 3, 4, 5], "undefined: constant scores"),
        ([1, 2, 3, 4, 5], [7, 7, 7, 7, 7], "undefined: constant truth"),
    ],
)
def test_what_is_undefined_is_none_with_its_reason(scores, truth, note):
    figures = scene_agreement(photos(scores, truth))
    assert figures.note == note
    names = ("srcc", "plcc", "plcc_fitted", "krcc", "mae", "average", "curve")
    assert {getattr(figures, name) for name in names} == {None}


def test_scores_against_the_truth_are_said():
    figures = scene_agreement(photos(range(10), range(20, 0, -2)))
    assert figures.srcc == pytest.approx(-1.0)
    assert figures.plcc_fitted == pytest.approx(1.0, abs=1e-3)
    assert figures.note == "the fitted curve falls: scores run against the truth"
