"""Patches: in a row along the longer side; only pictures smaller than a patch are resized."""

import numpy as np
import pytest

from piqa_cli.models.blocks.crops import to_short_side
from piqa_cli.models.sem_hyperiqa.views import patch_views


def noise(height, width):
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


def test_a_single_patch_is_the_middle_of_the_picture_as_it_is_read():
    image = noise(1800, 1350)
    patches = patch_views(image, side_px=1344, patches=1)["patches"]
    np.testing.assert_array_equal(patches, image[None, 228 : 228 + 1344, 3 : 3 + 1344])


def test_several_patches_reach_both_ends_of_the_longer_side():
    image = noise(300, 500)
    patches = patch_views(image, side_px=224, patches=3)["patches"]
    starts = [0, 138, 276]
    expected = [image[38 : 38 + 224, start : start + 224] for start in starts]
    np.testing.assert_array_equal(patches, expected)


@pytest.mark.parametrize("size", [(224, 224), (300, 2400), (1343, 1344), (900, 1200)])
def test_small_and_narrow_pictures_are_enlarged(size):
    image = noise(*size)
    patches = patch_views(image, side_px=1344, patches=1)["patches"]
    large = to_short_side(image, 1344)
    y, x = (large.shape[0] - 1344) // 2, (large.shape[1] - 1344) // 2
    np.testing.assert_array_equal(patches[0], large[y : y + 1344, x : x + 1344])
