"""The ensemble counts orders within scenes alone."""

import numpy as np
import pytest

from piqa_cli.rank.combined import normal_scores, rankits


def test_rankits_are_quantiles_of_the_normal_at_the_middle_of_each_rank():
    # Phi^-1(1/6), Phi^-1(1/2), Phi^-1(5/6)
    assert rankits(np.array([5.0, 7.0, 9.0])) == pytest.approx([-0.967422, 0.0, 0.967422], abs=1e-6)
    assert rankits(np.array([1.0])).tolist() == [0.0]
    assert len(set(rankits(np.array([2.0, 2.0, 1.0]))[:2])) == 1


def test_they_are_taken_within_scenes_among_captures_that_all_models_scored():
    scenes = {"a": "Bar", "b": "Bar", "c": "Bar", "d": "Park"}
    first = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 100.0}
    second = {"a": -5.0, "b": -9.0, "d": 0.0}
    found = normal_scores([first, second], scenes)
    low, high = pytest.approx(-0.67449, abs=1e-5), pytest.approx(0.67449, abs=1e-5)
    assert found == {"a": (low, high), "b": (high, low), "d": (0.0, 0.0)}
