from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.functional import interpolate

from piqa_cli.face.area_means import reduced, running_sums, squares


@pytest.fixture
def noise() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (61, 83, 3), np.uint8)


def by_torch(pixels: np.ndarray, height: int, width: int) -> np.ndarray:
    values = torch.from_numpy(pixels.transpose(2, 0, 1).astype(np.float32))
    return interpolate(values[None], (height, width), mode="area")[0].permute(1, 2, 0).numpy()


def test_every_sum_is_of_what_lies_above_and_left(noise):
    sums = running_sums(noise)
    assert sums.shape == (62, 84, 3)
    assert not sums[0].any()
    assert not sums[:, 0].any()
    assert sums[20, 30].tolist() == noise[:20, :30].sum(axis=(0, 1)).tolist()
    assert sums[-1, -1].tolist() == noise.sum(axis=(0, 1)).tolist()


def test_a_view_of_white_does_not_overflow():
    sums = running_sums(np.full((1280, 1280, 3), 255, np.uint8))
    assert sums[-1, -1].tolist() == [1280 * 1280 * 255] * 3
    assert (reduced(sums, 7, 9) == 255).all()


@pytest.mark.parametrize("size", [(61, 83), (12, 17), (1, 1), (40, 60), (100, 90)])
def test_reducing_is_torchs_resampling_by_area(noise, size):
    assert np.abs(reduced(running_sums(noise), *size) - by_torch(noise, *size)).max() < 1e-4


def test_squares_are_parts_resampled_by_area(noise):
    boxes = np.array([[0, 0, 83, 61], [10, 5, 70, 61], [80, 58, 83, 60], [4, 4, 5, 5]]).T
    found = squares(running_sums(noise), boxes, 24)
    assert found.shape == (4, 24, 24, 3)
    for (left, top, right, bottom), one in zip(boxes.T, found, strict=True):
        assert np.abs(one - by_torch(noise[top:bottom, left:right], 24, 24)).max() < 1e-4
