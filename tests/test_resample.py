from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from piqa_cli.resample import bicubic


@pytest.fixture
def noise():
    return np.random.default_rng(0).integers(0, 256, (301, 403, 3), np.uint8)


@pytest.mark.parametrize("size", [(133, 100), (403, 100), (133, 301), (600, 500)])
def test_it_differs_from_pillows_by_roundings(noise, size):
    wanted = np.asarray(Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC))
    found = bicubic(noise, size)
    assert found.flags.c_contiguous
    assert np.abs(found.astype(int) - wanted).max() <= 2
    assert (found != wanted).mean() < 0.02


def test_a_grey_picture_is_reduced_as_each_channel_of_colours(noise):
    grey = noise[..., 0]
    assert np.array_equal(bicubic(grey, (133, 100)), bicubic(noise, (133, 100))[..., 0])


def test_a_lying_picture_turned_later_is_the_same_as_turned_before(noise):
    before = bicubic(np.rot90(noise), (100, 133))
    assert np.array_equal(np.rot90(bicubic(noise, (133, 100), lying=True)), before)
    assert not np.array_equal(np.rot90(bicubic(noise, (133, 100))), before)


def test_an_array_that_can_not_be_written_is_left_as_it_is(noise):
    wanted = bicubic(noise, (133, 100))
    noise.flags.writeable = False
    assert np.array_equal(bicubic(noise, (133, 100)), wanted)
