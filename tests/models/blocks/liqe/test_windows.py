"""LIQE's windows, against the figures of the authors' own code and a whole unfold."""

import numpy as np
import pytest
import torch

from piqa_cli.models.blocks.liqe.windows import liqe_patches, patch_origins
from tests.models.reference.golden import GOLDEN

PICTURES = GOLDEN["pictures"]


@pytest.mark.parametrize("name", PICTURES)
def test_patches_equal_the_authors(name):
    golden = PICTURES[name]
    _, columns = golden["liqe_patch_rows_cols"]
    origins = patch_origins(*golden["size_wh"])
    assert [y // 32 * columns + x // 32 for y, x in origins] == golden["liqe_sel"]


def test_patches_are_the_pixels_of_the_picture():
    image = np.random.default_rng(1).integers(0, 256, (300, 451, 3), dtype=np.uint8)
    patches = liqe_patches(image)
    assert patches.shape == (15, 224, 224, 3)
    assert np.array_equal(patches[9], image[32:256, 32:256])  # 8 windows a row: the 9th wraps


@pytest.mark.parametrize("size", [(256, 240), (451, 300), (500, 420), (700, 1001)])
def test_patches_are_those_of_the_whole_unfold(size):
    image = np.random.default_rng(2).integers(0, 256, (*size, 3), dtype=np.uint8)
    windows = torch.from_numpy(image).unfold(0, 224, 32).unfold(1, 224, 32)
    windows = windows.flatten(0, 1).permute(0, 2, 3, 1)
    step = len(windows) // 15
    assert np.array_equal(liqe_patches(image), windows[[i * step for i in range(15)]])


def test_few_windows_repeat_the_first():
    assert patch_origins(256, 240) == [(0, 0)] * 15


def test_fewer_than_thirty_windows_are_the_first_fifteen():
    rows = [(0, 32 * x) for x in range(8)] + [(32, 32 * x) for x in range(7)]
    assert patch_origins(451, 300) == rows


def test_small_pictures_have_no_patches():
    with pytest.raises(ValueError, match="223x900: LIQE needs sides of at least 224 px"):
        patch_origins(223, 900)
