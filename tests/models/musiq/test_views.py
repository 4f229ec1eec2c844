"""Patches at three scales, resized and padded as TensorFlow does."""

import numpy as np
import pytest

from piqa_cli.models.musiq.views import CAPACITIES, musiq_views, patches_of


@pytest.mark.parametrize(
    ("size", "counts"),
    [
        ((1350, 1800), (6 * 7, 9 * 12, 29 * 38)),
        ((1200, 1200), CAPACITIES),
        ((800, 100), (7 * 1, 12 * 2, 25 * 4)),
    ],
)
def test_number_of_patches_is_fixed_and_the_mask_counts_those_there_are(size, counts):
    views = musiq_views(np.full((*size, 3), 255, np.uint8))
    assert views["patches"].shape == (1637, 32, 32, 3)
    assert [int(views["mask"][views["scales"] == s].sum()) for s in range(3)] == list(counts)
    assert not views["patches"][~views["mask"]].any()


def test_padding_lies_on_both_ends_the_odd_pixel_last():
    patches, positions = patches_of(np.ones((33, 64, 3), np.float32))
    filled = patches[..., 0].any(axis=2)
    assert np.flatnonzero(filled[0]).tolist() == list(range(15, 32))
    assert np.flatnonzero(filled[2]).tolist() == list(range(16))
    assert positions.tolist() == [0, 5, 50, 55]
