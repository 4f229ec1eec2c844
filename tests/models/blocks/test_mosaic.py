"""Mosaics take the same place of every cell and keep the cells' order."""

import doctest

import numpy as np
import pytest

from piqa_cli.models.blocks import mosaic as module
from piqa_cli.models.blocks.mosaic import mosaic, nine_mosaics

NUMBERS = np.arange(23 * 30 * 3).reshape(23, 30, 3).astype(np.uint8)


def test_every_cell_gives_its_patch():
    found = mosaic(NUMBERS, (2, 5), cells=3, side=2)  # cells of 7 x 10 px
    assert found.shape == (6, 6, 3)
    np.testing.assert_array_equal(found[2:4, 4:6], NUMBERS[7 + 2 : 7 + 4, 20 + 5 : 20 + 7])


def test_nine_places_from_corner_to_corner():
    found = nine_mosaics(NUMBERS, cells=3, side=4)
    np.testing.assert_array_equal(found[0], mosaic(NUMBERS, (0, 0), cells=3, side=4))
    np.testing.assert_array_equal(found[4], mosaic(NUMBERS, (1, 3), cells=3, side=4))
    np.testing.assert_array_equal(found[5], mosaic(NUMBERS, (1, 6), cells=3, side=4))
    np.testing.assert_array_equal(found[8], mosaic(NUMBERS, (3, 6), cells=3, side=4))


def test_a_cell_must_hold_a_patch():
    assert nine_mosaics(NUMBERS, cells=3, side=7).shape == (9, 21, 21, 3)
    with pytest.raises(ValueError, match="cells of 10 x 7 px hold no patch of 8 px"):
        nine_mosaics(NUMBERS, cells=3, side=8)


def test_examples():
    assert doctest.testmod(module).failed == 0
