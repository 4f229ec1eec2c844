"""What the small model looks at: statistics and words of picture and face, and the light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from piqa_cli.models.light import light_figures
from piqa_cli.models.protocol import FaceBox, Views
from piqa_cli.models.statistics import (
    LUMA,
    middle_of,
    reduced_to,
    statistics_vector,
    usable_face,
)
from piqa_cli.models.words import Vocabulary, word_statistics

Pixels = NDArray[np.uint8]

ANALYSIS_SIDE_PX = 512  # shorter side at which detail is judged; the scale of the training captures
_FACE_GROWTH = 0.3  # of the box's sides, added all around: hair and neck belong to a portrait


def mini_views(image: Pixels, face: FaceBox | None, vocabulary: Vocabulary) -> Views:
    """Measures all inputs of the small model.

    Args:
        image: (H, W, 3) uint8 sRGB, any size; the promise holds from 64 px on.
        face: the detector's box in pixels of `image`, or None: the whole picture stands in.
        vocabulary: of visual words, part of the weights.

    Returns:
        `statistics` (1, N) float32: see `piqa_cli.models.statistics`;
        `words` (1, 384) float32: see `piqa_cli.models.words`;
        `light` (1, 219) float32: see `piqa_cli.models.light`.
    """
    picture = analysis_picture(image)
    region = _face_region(picture, face, picture.shape[0] / image.shape[0])
    portrait = usable_face(None if region is None else picture[region])
    luma = picture.astype(np.float32) @ LUMA
    face_luma = None if portrait is None else portrait.astype(np.float32) @ LUMA
    return {
        "statistics": statistics_vector(picture, portrait)[None],
        "words": word_statistics(luma, face_luma, vocabulary)[None],
        "light": light_figures(picture, None if portrait is None else middle_of(portrait))[None],
    }


def analysis_picture(image: Pixels) -> Pixels:
    """The picture at the scale of the training captures: reduced if larger, never enlarged."""
    return reduced_to(image, ANALYSIS_SIDE_PX)


def _face_region(
    picture: Pixels, face: FaceBox | None, factor: float
) -> tuple[slice, slice] | None:
    """The grown box as slices of the analysis picture; None without a face."""
    if face is None:
        return None
    x0, y0, x1, y1 = (value * factor for value in face)
    grow_x, grow_y = (x1 - x0) * _FACE_GROWTH, (y1 - y0) * _FACE_GROWTH
    rows = _inside(y0 - grow_y, y1 + grow_y, picture.shape[0])
    columns = _inside(x0 - grow_x, x1 + grow_x, picture.shape[1])
    return rows, columns


def _inside(low: float, high: float, size: int) -> slice:
    return slice(min(max(0, round(low)), size), min(max(0, round(high)), size))
