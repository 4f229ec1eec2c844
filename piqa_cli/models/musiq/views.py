"""Pixels to patches at three scales, as MUSIQ's authors cut them with TensorFlow. numpy, Pillow.

A photograph gives as many patches as its shape needs; the rest of the fixed number is padding,
which the mask leaves out.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from piqa_cli.models.blocks.crops import Pixels, within_long_side
from piqa_cli.models.view_types import Views

PATCH_SIDE_PX = 32
GRID = 10  # cells a side that positions are hashed to
SMALL_SIDES_PX = (224, 384)  # longer sides of the first two scales
LARGEST_SIDE_PX = 1200
"""Longer side of the third scale, which is the picture itself. The authors bound it by the sizes of
their data sets; attention is quadratic in it, and PIQ23's figures of MUSIQ are of 1200 px."""

CAPACITIES = tuple(ceil(side / PATCH_SIDE_PX) ** 2 for side in (*SMALL_SIDES_PX, LARGEST_SIDE_PX))
"""Patches that a square picture has at each scale: 49, 144, 1444."""

_RADIUS = 1.5  # reach of TensorFlow's Gaussian filter, in pixels; its sigma is a third of it
_TAPS = 4  # pixels that an interval of 2 * _RADIUS can touch

Floats = NDArray[np.float32]


def musiq_views(image: Pixels) -> Views:
    """Patches of the picture at three scales.

    Args:
        image: (H, W, 3) uint8 sRGB.

    Returns:
        `patches` (1637, 32, 32, 3) float32 in -1..1, row by row, small scales first;
        `positions` (1637,) int64 in 0..99; `scales` (1637,) int64 in 0..2;
        `mask` (1637,) bool, False where there is no patch.
    """
    picture = within_long_side(image, LARGEST_SIDE_PX).astype(np.float32) / 127.5 - 1
    pyramid = [*(resized(picture, side) for side in SMALL_SIDES_PX), picture]
    parts = [
        _padded_to(capacity, *patches_of(level), scale=scale)
        for scale, (level, capacity) in enumerate(zip(pyramid, CAPACITIES, strict=True))
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def resized(picture: Floats, side: int) -> Floats:
    """The picture with a longer side of `side` px, by TensorFlow's Gaussian filter.

    The authors resize without antialiasing, so the filter is as narrow as this on a far larger
    picture, too; the network learnt from such pictures.
    """
    scale = side / max(picture.shape[:2])
    height, width = (max(1, round(length * scale)) for length in picture.shape[:2])
    rows, row_weights = _taps(picture.shape[0], height)
    columns, column_weights = _taps(picture.shape[1], width)
    shorter = np.einsum("htwc,ht->hwc", picture[rows], row_weights)
    return np.einsum("hwtc,wt->hwc", shorter[:, columns], column_weights)


def _taps(length: int, new: int) -> tuple[NDArray[np.int64], Floats]:
    """Indices and weights, (new, 4) both, of the pixels that make each pixel of a resized side."""
    middles = (np.arange(new) + 0.5) * (length / new)
    indices = np.ceil(middles - _RADIUS - 0.5).astype(np.int64)[:, None] + np.arange(_TAPS)
    away = np.abs(indices + 0.5 - middles[:, None])
    inside = (away < _RADIUS) & (indices >= 0) & (indices < length)
    weights = np.where(inside, np.exp(-0.5 * (away / (_RADIUS / 3)) ** 2), 0)
    weights /= weights.sum(axis=1, keepdims=True)
    return indices.clip(0, length - 1), weights.astype(np.float32)


def patches_of(picture: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """All patches, row by row, (n, 32, 32, 3), and their positions in the hashing grid, (n,).

    A side that 32 doesn't divide is continued by zeros at both ends; at the far end by one more
    where they are odd in number, as TensorFlow does.
    """
    missing = [-length % PATCH_SIDE_PX for length in picture.shape[:2]]
    padded = np.pad(picture, [*((gap // 2, gap - gap // 2) for gap in missing), (0, 0)])
    rows, columns = (length // PATCH_SIDE_PX for length in padded.shape[:2])
    grid = padded.reshape(rows, PATCH_SIDE_PX, columns, PATCH_SIDE_PX, 3).swapaxes(1, 2)
    positions = hashed(rows)[:, None] * GRID + hashed(columns)
    return grid.reshape(-1, PATCH_SIDE_PX, PATCH_SIDE_PX, 3), positions.reshape(-1)


def hashed(count: int) -> NDArray[np.int64]:
    """Cells of the grid that the rows or columns of patches fall into.

    >>> hashed(7).tolist()
    [0, 1, 2, 4, 5, 7, 8]
    """
    return np.arange(count) * GRID // count


def _padded_to(
    capacity: int, patches: Floats, positions: NDArray[np.int64], *, scale: int
) -> Views:
    rest = capacity - len(patches)
    return {
        "patches": np.pad(patches, [(0, rest), (0, 0), (0, 0), (0, 0)]),
        "positions": np.pad(positions, (0, rest)),
        "scales": np.full(capacity, scale, np.int64),
        "mask": np.arange(capacity) < len(patches),
    }
