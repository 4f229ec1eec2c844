"""Pixels resized and cut as TensorFlow does."""

import numpy as np
import torch

from piqa_cli.models.blocks.tensorflow_pixels import patch_grid, resized
from tests.models.reference.musiq import gaussian


def test_resizing_equals_the_plain_filter(texture):
    picture = texture(1, size=(304, 160)).astype(np.float32) / 127.5 - 1
    for side in (224, 384):
        expected = gaussian(torch.from_numpy(picture), side)
        np.testing.assert_allclose(resized(picture, side), expected, atol=1e-5)


def test_patches_lie_as_in_the_picture_with_zeros_around():
    picture = np.arange(1, 5 * 4 * 3 + 1, dtype=np.float32).reshape(5, 4, 3)
    grid = patch_grid(picture, 2)
    assert grid.shape == (3, 2, 2, 2, 3)
    np.testing.assert_array_equal(grid[1, 1], picture[2:4, 2:])
    np.testing.assert_array_equal(grid[2, 0, 0], picture[4, :2])
    assert not grid[2, :, 1].any()  # the odd row of zeros is the last
