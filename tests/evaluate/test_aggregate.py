"""Median and mean over scenes, with their intervals."""

import numpy as np
import pytest
from scipy import stats

from piqa_cli.evaluate.aggregate import aggregate, over_scenes
from piqa_cli.evaluate.scene import SceneAgreement


def over(*values):
    return over_scenes(values, low=-1.0, high=1.0)


def test_by_hand():
    figure = over(0.9, 0.5, 0.7)
    assert (figure.median, figure.mean) == (0.7, pytest.approx(0.7))
    # t(2) = 4.3027, standard error 0.2 / sqrt(3); the upper end 1.197 is cut at 1.
    assert (figure.mean_low, figure.mean_high) == (pytest.approx(0.2032, abs=1e-4), 1.0)
    assert (figure.median_low, figure.median_high) == (None, None)


def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two():
    assert over(0.1, 0.2, 0.4, 0.8).median == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("n", "low", "high"), [(6, 1, 6), (8, 1, 8), (9, 2, 8), (10, 2, 9), (15, 4, 12), (20, 6, 15)]
)
def test_the_interval_of_the_median_is_the_tabled_one(n, low, high):
    figure = over_scenes(list(range(1, n + 1)), low=0, high=99)
    assert (figure.median_low, figure.median_high) == (low, high)


def test_the_interval_of_the_median_holds_it_often_enough():
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        figure = over_scenes(rng.exponential(1.0, 15).tolist(), low=0, high=np.inf)
        held += figure.median_low <= np.log(2) <= figure.median_high
    assert held / 400 >= 0.93  # 96.5 % expected


def test_the_interval_of_the_mean_is_scipys():
    values = [0.31, 0.52, 0.44, 0.7, 0.65]
    low, high = stats.t.interval(0.95, 4, np.mean(values), stats.sem(values))
    figure = over(*values)
    assert (figure.mean_low, figure.mean_high) == (pytest.approx(low), pytest.approx(high))


def test_no_scene_and_one_scene():
    assert over().mean is None
    assert (over(0.5).mean, over(0.5).mean_low) == (0.5, None)


def test_undefined_scenes_are_left_out_and_counted():
    scenes = [
        SceneAgreement("a", None, 9, srcc=0.5),
        SceneAgreement("b", None, 2, note="undefined: under 4 photos"),
        SceneAgreement("c", None, 9, srcc=0.7),
    ]
    found = aggregate(scenes)
    assert (found["srcc"].n_scenes, found["srcc"].mean) == (2, pytest.approx(0.6))
    assert (found["mae"].n_scenes, found["mae"].mean) == (0, None)


def test_shares_on_which_all_scenes_agree_have_an_interval_of_their_own():
    # 0.025 ** (1 / 10), and 10 wins of 20 in any table of Clopper and Pearson.
    sure = over_scenes([1.0] * 10, low=0.0, high=1.0, shares=True)
    assert (sure.mean_low, sure.mean_high) == (pytest.approx(0.6915, abs=1e-4), 1.0)
    half = over_scenes([0.5] * 20, low=0.0, high=1.0, shares=True)
    assert (half.mean_low, half.mean_high) == pytest.approx((0.2720, 0.7280), abs=1e-4)
    one = over_scenes([1.0], low=0.0, high=1.0, shares=True)
    assert (one.mean_low, one.mean_high) == (None, None)


def test_other_figures_on_which_all_scenes_agree_have_none():
    assert (over(1.0, 1.0, 1.0).mean_low, over(1.0, 1.0, 1.0).mean_high) == (None, None)
