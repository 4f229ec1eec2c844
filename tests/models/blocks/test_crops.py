"""Views are cut at fixed places, from edge to edge."""

from __future__ import annotations

import numpy as np
import pytest

from piqa_cli.models.blocks.crops import (
    crops_at,
    grid_origins,
    stretched,
    to_short_side,
    within_long_side,
)


def test_a_stretched_picture_has_the_size_asked_for():
    assert stretched(np.zeros((40, 60, 3), np.uint8), width=30, height=50).shape == (50, 30, 3)


@pytest.mark.parametrize("shape", [(60, 90, 3), (90, 60, 3)])
def test_the_shorter_side_gets_the_size_asked_for(shape):
    assert min(to_short_side(np.zeros(shape, np.uint8), 30).shape[:2]) == 30


@pytest.mark.parametrize(
    ("size", "expected"), [((60, 90), (20, 30)), ((3, 90), (1, 30)), ((30, 20), (30, 20))]
)
def test_the_longer_side_gets_at_most_the_size_asked_for(size, expected):
    assert within_long_side(np.zeros((*size, 3), np.uint8), 30).shape[:2] == expected


def test_a_grid_reaches_every_edge():
    origins = grid_origins(100, 150, 40, rows=3, columns=4)
    assert len(origins) == 12
    assert (origins[0], origins[-1]) == ((0, 0), (60, 110))


def test_a_single_crop_is_the_middle():
    assert grid_origins(100, 60, 40, rows=1, columns=1) == ((30, 10),)


def test_crops_hold_the_pixels_at_their_origins():
    image = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)
    crops = crops_at(image, [(0, 0), (2, 4)], 4)
    np.testing.assert_array_equal(crops[1], image[2:6, 4:8])


def test_no_crop_outside_of_the_picture():
    with pytest.raises(ValueError, match="no 4 px square at"):
        crops_at(np.zeros((6, 8, 3), np.uint8), [(3, 0)], 4)
    with pytest.raises(ValueError, match="hold no square"):
        grid_origins(3, 8, 4, rows=1, columns=1)
