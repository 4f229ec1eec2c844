"""Crops of both sizes reach every edge of the picture."""

import numpy as np
import pytest

from piqa_cli.models.bdvqa.views import bdvqa_views


@pytest.mark.parametrize("size", [(900, 1200), (1200, 900), (64, 512)])
def test_shapes_do_not_depend_on_the_picture(size):
    assert bdvqa_views(np.zeros((*size, 3), np.uint8))["crops"].shape == (18, 384, 384, 3)


def test_first_and_last_crop_hold_opposite_corners():
    image = np.zeros((900, 1200, 3), np.uint8)
    image[:20, :20], image[-20:, -20:] = 255, 128
    crops = bdvqa_views(image)["crops"]
    assert [crops[0][0, 0, 0], crops[9][0, 0, 0]] == [255, 255]
    assert [crops[8][-1, -1, 0], crops[17][-1, -1, 0]] == [128, 128]
    assert not crops[4].any()
