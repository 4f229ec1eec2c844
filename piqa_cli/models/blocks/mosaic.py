"""Mosaics of small patches: every region of a picture at its own resolution in one small view.

Wu et al. 2022 (FAST-VQA) cut them first; RQ-Net takes the same place in every cell. numpy only.
"""

from __future__ import annotations

import numpy as np

from piqa_cli.models.blocks.crops import Origin, Pixels


def mosaic(image: Pixels, origin: Origin, *, cells: int, side: int) -> Pixels:
    """One patch of every cell, stitched in their order.

    Args:
        image: (H, W, 3) uint8; H // `cells` and W // `cells` are a cell's height and width, so that
            up to `cells` - 1 rows and columns at the far edges are in none.
        origin: (y, x) of the patch in its cell.
        cells: number of cells down and across.
        side: of a patch in px.

    Returns:
        (cells * side, cells * side, 3) uint8.

    >>> mosaic(np.arange(36 * 3, dtype=np.uint8).reshape(6, 6, 3), (1, 2), cells=2, side=1)[..., 0]
    array([[24, 33],
           [78, 87]], dtype=uint8)
    """
    y, x = origin
    height, width = _cell(image, cells)
    grid = image[: cells * height, : cells * width].reshape(cells, height, cells, width, -1)
    return grid[:, y : y + side, :, x : x + side].reshape(cells * side, cells * side, -1)


def nine_mosaics(image: Pixels, *, cells: int, side: int) -> Pixels:
    """Mosaics of the nine places of a patch in its cell, row by row: corners, edges, middle.

    The middle is rounded down.

    Returns:
        (9, cells * side, cells * side, 3) uint8.

    Raises:
        ValueError: a cell is smaller than a patch.
    """
    height, width = _cell(image, cells)
    if min(height, width) < side:
        raise ValueError(f"cells of {width} x {height} px hold no patch of {side} px")
    places = [
        (y, x)
        for y in (0, (height - side) // 2, height - side)
        for x in (0, (width - side) // 2, width - side)
    ]
    return np.stack([mosaic(image, place, cells=cells, side=side) for place in places])


def _cell(image: Pixels, cells: int) -> tuple[int, int]:
    return image.shape[0] // cells, image.shape[1] // cells
