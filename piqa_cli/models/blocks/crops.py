"""Makers of views: resized pictures and crops of them. numpy and Pillow only, nothing random.

Pictures are (H, W, 3) uint8 sRGB, crops (crops, side, side, 3) uint8. Origins are (y, x) of a
crop's first pixel.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Origin = tuple[int, int]
Filter = Image.Resampling


def stretched(image: Pixels, *, width: int, height: int, by: Filter = Filter.BILINEAR) -> Pixels:
    """The whole picture at a fixed size; its aspect is not kept."""
    return np.asarray(Image.fromarray(image).resize((width, height), by))


def to_short_side(image: Pixels, side: int, *, by: Filter = Filter.BILINEAR) -> Pixels:
    """The picture with a shorter side of `side` px; the longer one is floored.

    >>> to_short_side(np.zeros((1700, 1275, 3), np.uint8), 448).shape
    (597, 448, 3)
    """
    height, width = image.shape[:2]
    short = min(height, width)
    return stretched(image, width=width * side // short, height=height * side // short, by=by)


def within_long_side(image: Pixels, side: int, *, by: Filter = Filter.BICUBIC) -> Pixels:
    """The picture with a longer side of `side` px at most; a smaller one stays as it is.

    >>> within_long_side(np.zeros((1350, 1800, 3), np.uint8), 1200).shape
    (900, 1200, 3)
    """
    height, width = image.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return image
    width, height = (max(1, round(length * scale)) for length in (width, height))
    return stretched(image, width=width, height=height, by=by)


def crops_at(image: Pixels, origins: Sequence[Origin], side: int) -> Pixels:
    """Squares of `side` px that begin at the origins.

    Raises:
        ValueError: a square doesn't lie in the picture.
    """
    height, width = image.shape[:2]
    for y, x in origins:
        if not (0 <= y <= height - side and 0 <= x <= width - side):
            raise ValueError(f"no {side} px square at ({y}, {x}) of {width} x {height} px")
    return np.stack([image[y : y + side, x : x + side] for y, x in origins])


def grid_origins(
    height: int, width: int, side: int, *, rows: int, columns: int
) -> tuple[Origin, ...]:
    """Origins of a grid of squares, row by row, from edge to edge at equal steps.

    A single row or column lies in the middle. Steps are rounded half to even.

    Raises:
        ValueError: the picture is smaller than a square.

    >>> grid_origins(244, 244, 224, rows=3, columns=3)[::4]
    ((0, 0), (10, 10), (20, 20))
    """
    if min(height, width) < side:
        raise ValueError(f"{width} x {height} px hold no square of {side} px")
    return tuple(
        (y, x) for y in _starts(height - side, rows) for x in _starts(width - side, columns)
    )


def grid_crops(image: Pixels, side: int, *, rows: int, columns: int) -> Pixels:
    """The squares of `grid_origins`, row by row.

    Raises:
        ValueError: the picture is smaller than a square.
    """
    height, width = image.shape[:2]
    return crops_at(image, grid_origins(height, width, side, rows=rows, columns=columns), side)


def _starts(room: int, count: int) -> list[int]:
    if count == 1:
        return [room // 2]
    return [round(room * index / (count - 1)) for index in range(count)]
