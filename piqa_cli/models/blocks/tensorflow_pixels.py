"""Pixels resized and cut into patches as TensorFlow does it. numpy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_RADIUS = 1.5  # reach of TensorFlow's Gaussian filter, in pixels; its sigma is a third of it
_TAPS = 4  # pixels that an interval of 2 * _RADIUS can touch


def resized(picture: Floats, side: int) -> Floats:
    """The picture (H, W, C) with a longer side of `side` px, by TensorFlow's Gaussian filter.

    Without antialiasing: the filter is as narrow as this on a far larger picture, too.
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


def patch_grid(picture: Floats, side: int) -> Floats:
    """All patches of a picture (H, W, 3): (rows, columns, side, side, 3).

    A side that `side` doesn't divide is continued by zeros at both ends; at the far end by one more
    where they are odd in number.
    """
    missing = [-length % side for length in picture.shape[:2]]
    padded = np.pad(picture, [*((gap // 2, gap - gap // 2) for gap in missing), (0, 0)])
    rows, columns = (length // side for length in padded.shape[:2])
    return padded.reshape(rows, side, columns, side, 3).swapaxes(1, 2)
