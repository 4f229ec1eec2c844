"""Crops of both ways: always 25, always at the same places."""

import numpy as np
import pytest
from PIL import Image

from piqa_cli.models.hyperiqa.views import CUTTINGS, hyperiqa_views, stepped_origins


def gradient(height, width):
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 0] = np.arange(width) % 256
    image[..., 1] = (np.arange(height) % 256)[:, None]
    return image


@pytest.mark.parametrize("cutting", CUTTINGS)
@pytest.mark.parametrize("size", [(224, 224), (300, 1700), (1350, 1800)])
def test_shapes_do_not_depend_on_the_picture(cutting, size):
    crops = hyperiqa_views(gradient(*size), cutting)["crops"]
    assert (crops.shape, crops.dtype) == ((25, 224, 224, 3), np.uint8)


def test_the_authors_stretch_the_whole_picture_to_384_by_512():
    image = gradient(300, 900)
    stretched = np.asarray(Image.fromarray(image).resize((384, 512), Image.Resampling.BILINEAR))
    crops = hyperiqa_views(image, "stretched")["crops"]
    np.testing.assert_array_equal(crops[0], stretched[:224, :224])
    np.testing.assert_array_equal(crops[7], stretched[72 : 72 + 224, 80 : 80 + 224])
    np.testing.assert_array_equal(crops[24], stretched[288:, 160:])


def test_the_grid_of_the_reimplementation_stays_off_the_far_edges():
    image = gradient(724, 329)
    crops = hyperiqa_views(image, "grid")["crops"]
    assert stepped_origins(724, 329)[7] == (100, 42)
    np.testing.assert_array_equal(crops[7], image[100:324, 42:266])
    np.testing.assert_array_equal(crops[24], image[400:624, 84:308])
