"""Pixels to patches at three scales, as MUSIQ's authors cut them with TensorFlow. numpy, Pillow.

A photograph gives as many patches as its shape needs; the rest of the fixed number is padding,
which the mask leaves out.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from piqa_cli.models.blocks.crops import Pixels, within_long_side
from piqa_cli.models.blocks.tensorflow_pixels import Floats, patch_grid, resized
from piqa_cli.models.view_types import Views

PATCH_SIDE_PX = 32
GRID = 10  # cells a side that positions are hashed to
SMALL_SIDES_PX = (224, 384)  # longer sides of the first two scales
LARGEST_SIDE_PX = 1200
"""Longer side of the third scale, which is the picture itself. The authors bound it by the sizes of
their data sets; attention is quadratic in it, and PIQ23's figures of MUSIQ are of 1200 px."""

CAPACITIES = tuple(ceil(side / PATCH_SIDE_PX) ** 2 for side in (*SMALL_SIDES_PX, LARGEST_SIDE_PX))
"""Patches that a square picture has at each scale: 49, 144, 1444."""


def musiq_views(image: Pixels) -> Views:
    """Patches of the picture at three scales.

    The authors resize without antialiasing, and the network learnt from such pictures.

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


def patches_of(picture: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """All patches, row by row, (n, 32, 32, 3), and their positions in the hashing grid, (n,)."""
    grid = patch_grid(picture, PATCH_SIDE_PX)
    rows, columns = grid.shape[:2]
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
