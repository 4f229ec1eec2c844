"""What the small model looks at: whole picture, face, native-resolution patches, statistics."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from piqa_cli.models.protocol import FaceBox, Views
from piqa_cli.models.statistics import statistics_vector

Pixels = NDArray[np.uint8]

ANALYSIS_SIDE_PX = 512  # shorter side at which detail is judged; the scale of the training captures
FULL_PX = 128
FACE_PX = 96
PATCH_PX = 64
PATCHES = 4
_FACE_GROWTH = 0.3  # of the box's sides, added all around: hair and neck belong to a portrait
_LEAST_FACE_PX = 24  # a smaller region in the analysis picture is no portrait


def mini_views(image: Pixels, face: FaceBox | None) -> Views:
    """Cuts all inputs of the small model.

    Args:
        image: (H, W, 3) uint8 sRGB, any size; the promise holds from 64 px on.
        face: the detector's box in pixels of `image`, or None: the whole picture stands in.

    Returns:
        `full` (1, 128, 128, 3) uint8: the whole picture, squeezed to a square;
        `face` (1, 96, 96, 3) uint8: the grown face box, squeezed to a square;
        `patches` (4, 64, 64, 3) uint8: see `_patches`;
        `statistics` (1, N) float32: see `piqa_cli.models.statistics`.
    """
    picture = _analysis_picture(image)
    region = _face_region(picture, face, picture.shape[0] / image.shape[0])
    portrait = picture if region is None else picture[region]
    return {
        "full": _squeezed(picture, FULL_PX)[None],
        "face": _squeezed(portrait, FACE_PX)[None],
        "patches": _patches(picture, region),
        "statistics": statistics_vector(picture, None if region is None else portrait)[None],
    }


def _analysis_picture(image: Pixels) -> Pixels:
    """The picture at the scale of the training captures: reduced if larger, never enlarged."""
    height, width = image.shape[:2]
    factor = ANALYSIS_SIDE_PX / min(height, width)
    if factor >= 1:
        return image
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC))


def _face_region(
    picture: Pixels, face: FaceBox | None, factor: float
) -> tuple[slice, slice] | None:
    """The grown box as slices of the analysis picture; None where too little of it is inside."""
    if face is None:
        return None
    x0, y0, x1, y1 = (value * factor for value in face)
    grow_x, grow_y = (x1 - x0) * _FACE_GROWTH, (y1 - y0) * _FACE_GROWTH
    rows = _inside(y0 - grow_y, y1 + grow_y, picture.shape[0])
    columns = _inside(x0 - grow_x, x1 + grow_x, picture.shape[1])
    if min(rows.stop - rows.start, columns.stop - columns.start) < _LEAST_FACE_PX:
        return None
    return rows, columns


def _inside(low: float, high: float, size: int) -> slice:
    return slice(min(max(0, round(low)), size), min(max(0, round(high)), size))


def _squeezed(picture: Pixels, side_px: int) -> Pixels:
    size = (side_px, side_px)
    return np.array(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))


def _patches(picture: Pixels, region: tuple[slice, slice] | None) -> Pixels:
    """Four patches at the analysis picture's own pixels, (4, 64, 64, 3) uint8.

    The middle of the face (of the picture without one), then of a grid of 64 px cells the one
    with most detail, the one at the 90th percentile (focus is rarely everywhere) and the one at
    the 20th, where noise and smear show best.
    """
    height, width = (max(side, PATCH_PX) for side in picture.shape[:2])
    missing = (height - picture.shape[0], width - picture.shape[1])
    padded = np.pad(picture, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="edge")
    rows, columns = region or (slice(0, height), slice(0, width))
    middle = (
        (rows.start + rows.stop - PATCH_PX) // 2,
        (columns.start + columns.stop - PATCH_PX) // 2,
    )
    cells = _cells_by_detail(padded)
    places = [middle, *(cells[round(part * (len(cells) - 1))] for part in (1.0, 0.9, 0.2))]
    return np.stack([_patch(padded, top, left) for top, left in places])


def _patch(padded: Pixels, top: int, left: int) -> Pixels:
    top = min(max(0, top), padded.shape[0] - PATCH_PX)
    left = min(max(0, left), padded.shape[1] - PATCH_PX)
    return padded[top : top + PATCH_PX, left : left + PATCH_PX]


def _cells_by_detail(padded: Pixels) -> list[tuple[int, int]]:
    """(top, left) of the grid's cells, least Laplacian energy of green first."""
    rows, columns = (side // PATCH_PX for side in padded.shape[:2])
    green = padded[: rows * PATCH_PX, : columns * PATCH_PX, 1].astype(np.float32)
    energy = ndimage.laplace(green) ** 2
    cells = energy.reshape(rows, PATCH_PX, columns, PATCH_PX).mean(axis=(1, 3))
    order = np.argsort(cells.ravel(), kind="stable")
    return [(int(at) // columns * PATCH_PX, int(at) % columns * PATCH_PX) for at in order]
