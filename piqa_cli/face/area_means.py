"""Mean colours of many rectangles of one picture by its running sums.

A rectangle's sum is four numbers of a table, whatever its size: one table serves the detector's
whole pyramid and all its candidates.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Sums = NDArray[np.int32]
Edges = NDArray[np.int64]
_NO_SHIFT = np.zeros(1, np.int64)


def running_sums(pixels: NDArray[np.uint8]) -> Sums:
    """Sums of all pixels above and left of every corner.

    Args:
        pixels: (height, width, 3) uint8, up to 8 megapixels (their sum must fit 32 bits).

    Returns:
        (height + 1, width + 1, 3) int32; the first row and column are 0.
    """
    height, width, channels = pixels.shape
    sums = np.zeros((height + 1, width + 1, channels), np.int32)
    inner = sums[1:, 1:]
    np.cumsum(pixels, axis=1, dtype=np.int32, out=inner)
    for row in range(1, height):  # twice as fast as numpy's sum down the columns
        inner[row] += inner[row - 1]
    return sums


def reduced(sums: Sums, height: int, width: int) -> NDArray[np.float32]:
    """The whole picture at another size, every pixel the mean of what it covers.

    Returns:
        (height, width, 3), 0..255. Pixels that are covered in part count whole, as in torch's
        resampling by area.
    """
    top, bottom = (edge[0] for edge in _edges(_NO_SHIFT, np.array([sums.shape[0] - 1]), height))
    left, right = (edge[0] for edge in _edges(_NO_SHIFT, np.array([sums.shape[1] - 1]), width))
    rows = sums[bottom] - sums[top]
    total = rows.take(right, axis=1) - rows.take(left, axis=1)
    return _divided(total, (bottom - top)[:, None] * (right - left))


def squares(sums: Sums, boxes: Edges, side: int) -> NDArray[np.float32]:
    """Parts of the picture, each at `side` x `side` pixels; see `reduced`.

    Args:
        sums: of the picture.
        boxes: (4, n) left, top, right and bottom edges, within the picture, none empty.
        side: of every result; smaller parts are enlarged.

    Returns:
        (n, side, side, 3), 0..255.
    """
    left, top, right, bottom = boxes
    above, below = (edge[:, :, None] for edge in _edges(top, bottom, side))
    before, behind = (edge[:, None] for edge in _edges(left, right, side))
    corners, width = sums.reshape(-1, sums.shape[2]), sums.shape[1]

    def at(rows: Edges, columns: Edges) -> Sums:
        return corners.take(rows * width + columns, axis=0)

    total = at(below, behind) - at(above, behind) - at(below, before) + at(above, before)
    return _divided(total, (below - above) * (behind - before))


def _edges(starts: Edges, ends: Edges, count: int) -> tuple[Edges, Edges]:
    """First and last edges (n, count) of the cells that n lengths are cut into."""
    places, lengths = np.arange(count), (ends - starts)[:, None]
    first = places * lengths // count
    last = -(-(places + 1) * lengths // count)
    return first + starts[:, None], last + starts[:, None]


def _divided(total: Sums, pixels: Edges) -> NDArray[np.float32]:
    """Means of sums, by the number of pixels in each."""
    counts = pixels[..., None].astype(np.float32)
    return np.divide(total.astype(np.float32), counts, dtype=np.float32)
