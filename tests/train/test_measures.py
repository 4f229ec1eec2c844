from __future__ import annotations

import numpy as np
import pytest

from piqa_cli.train.measures import (
    brightness,
    log_laplacian,
    sharpest_blocks,
    spearman,
    within_scene,
)


def test_spearman_with_and_without_ties():
    assert spearman([1, 2, 3, 4], [10, 20, 30, 25]) == pytest.approx(0.8)
    assert spearman([1, 1, 2, 3], [4, 3, 2, 1]) == pytest.approx(-0.9486833)
    assert spearman([5, 5, 5], [1, 2, 3]) == 0


def test_scenes_are_never_mixed():
    scores, labels = [1, 2, 3, 9, 8, 7, 1], [1, 2, 3, 1, 2, 3, 0]
    found = within_scene(scores, labels, scenes=list("aaabbbc"))
    assert found == {"a": pytest.approx(1), "b": pytest.approx(-1)}


def test_the_simple_measures_of_a_checkerboard():
    board = np.indices((8, 8)).sum(0) % 2 * 255
    pixels = np.repeat(board[..., None], 3, 2).astype(np.uint8)
    assert brightness(pixels) == 127.5
    assert log_laplacian(np.zeros((8, 8, 3), np.uint8)) == pytest.approx(np.log(1e-3))
    assert log_laplacian(pixels) > np.log(500**2)


def test_scenes_below_the_least_number_are_left_out():
    found = within_scene([1, 2, 3, 4], [1, 2, 3, 4], scenes=list("aaab"), least=3)
    assert list(found) == ["a"]


def test_the_sharpest_blocks_count_not_the_flat_ones():
    flat = np.full((256, 256, 3), 120, np.uint8)
    picture = flat.copy()
    picture[:64, :64] = np.random.default_rng(0).integers(0, 256, (64, 64, 3))
    assert sharpest_blocks(picture) > sharpest_blocks(flat) + 5
