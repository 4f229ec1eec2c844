"""Pair accuracy by gap, counted by hand."""

import numpy as np
import pytest

from piqa_cli.evaluate.pairs import pair_accuracy, pooled_sd
from piqa_cli.evaluate.scene import RatedPhoto


def scene(name, *values):
    return [RatedPhoto(f"{name}/{i}", name, s, t) for i, (s, t) in enumerate(values)]


def test_pairs_are_binned_by_gap_and_counted():
    # Gaps: .25 right, 1.25 wrong, 1.0 wrong.
    bins = pair_accuracy([scene("a", (1.0, 0.0), (2.0, 0.25), (0.5, 1.25))], unit=1.0)
    assert [(b.low, b.high, b.n_pairs, b.accuracy) for b in bins] == [
        (0.0, 0.25, 0, None),
        (0.25, 0.5, 1, 1.0),
        (0.5, 1.0, 0, None),
        (1.0, 2.0, 2, 0.0),
        (2.0, None, 0, None),
    ]


def test_a_gap_at_an_edge_is_not_moved_by_rounding():
    bins = pair_accuracy([scene("a", (0.0, 0.05), (1.0, 0.3))], unit=1.0)  # .3 - .05 = .24999...
    assert [b.n_pairs for b in bins] == [0, 1, 0, 0, 0]


def test_equal_ratings_are_no_pair_and_equal_scores_half_right():
    bins = pair_accuracy([scene("a", (1.0, 0.0), (1.0, 3.0), (2.0, 3.0))], unit=1.0)
    assert (bins[4].n_pairs, bins[4].n_score_ties, bins[4].accuracy) == (2, 1, 0.75)
    assert sum(b.n_pairs for b in bins) == 2


def test_photos_of_two_scenes_are_never_compared():
    scenes = [scene("a", (1.0, 0.0), (2.0, 5.0)), scene("b", (2.0, 0.0), (1.0, 5.0))]
    last = pair_accuracy(scenes, unit=1.0)[4]
    assert (last.n_pairs, last.accuracy, last.scenes.mean) == (2, 0.5, 0.5)
    assert last.scenes.n_scenes == 2


def test_a_large_scene_weighs_no_more_than_a_small_one():
    many = scene("a", *((float(i), 3.0 * i) for i in range(10)))
    last = pair_accuracy([many, scene("b", (2.0, 0.0), (1.0, 5.0))], unit=1.0)[4]
    assert (last.accuracy, last.scenes.mean) == (pytest.approx(45 / 46), 0.5)


def test_the_unit_of_the_rating_divides_out():
    rng = np.random.default_rng(0)
    values = [(float(s), float(t)) for s, t in rng.normal(0, 1, (30, 2))]
    hundred = [(s, 100 * t) for s, t in values]
    assert pair_accuracy([scene("a", *values)], unit=1.0) == pair_accuracy(
        [scene("a", *hundred)], unit=100.0
    )


def test_the_pooled_sd_is_taken_within_scenes():
    scenes = [scene("a", (0.0, 10.0), (0.0, 12.0)), scene("b", (0.0, 90.0), (0.0, 94.0))]
    assert pooled_sd(scenes) == pytest.approx(np.sqrt((2 + 8) / 2))
    assert pooled_sd([scene("a", (0.0, 10.0))]) == 1.0
