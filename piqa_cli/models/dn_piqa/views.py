"""Pixels to network inputs as DN-PIQA's authors cut them: crops, face crop, LIQE's windows.

numpy and Pillow only. Every array is uint8 sRGB. Source of the rules: the pipeline published
with Sun et al. 2024 (DN-PIQA) and Zhang et al. 2023 (LIQE).
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from piqa_cli.models.blocks.crops import Pixels
from piqa_cli.models.blocks.face_crops import PixelBox, padded_cut
from piqa_cli.models.blocks.liqe.windows import liqe_patches
from piqa_cli.models.view_types import FaceBox, Views

RESIZED_SIDE_PX = 448
CROP_SIDE_PX = 384
FACE_MARGIN_PX = 20  # added on every side, in pixels of the given image at any resolution


def dn_piqa_views(image: Pixels, face: FaceBox | None) -> Views:
    """Five crops of the photo, five of the face and LIQE's patches.

    Args:
        image: (H, W, 3) uint8 sRGB, sides of at least 224 px.
        face: the detector's box in pixels of `image`; None: the whole picture stands in.

    Returns:
        `full` and `face` (5, 384, 384, 3), `patches` (15, 224, 224, 3), all uint8.
    """
    picture = Image.fromarray(image)
    full = five_crops(picture)
    if face is None:
        crops = full
    else:
        box = face_box(face, width=picture.width, height=picture.height)
        crops = five_crops(Image.fromarray(padded_cut(image, box)))
    return {"full": full, "face": crops, "patches": liqe_patches(image)}


def face_box(box: FaceBox, *, width: int, height: int) -> PixelBox:
    """The face crop's box: clamped to the picture, rounded (half to even), grown by 20 px.

    The grown box is not clamped again, so up to 20 px of it may lie outside the picture.

    >>> face_box((5.0, 9.0, 320.0, 363.0), width=900, height=1200)
    (-15, -11, 340, 383)
    """
    x0, x1 = (round(min(max(x, 0), width)) for x in (box[0], box[2]))
    y0, y1 = (round(min(max(y, 0), height)) for y in (box[1], box[3]))
    margin = FACE_MARGIN_PX
    return x0 - margin, y0 - margin, x1 + margin, y1 + margin


def resized_size(width: int, height: int) -> tuple[int, int]:
    """Width and height after the resize to a shorter side of 448; the longer side is floored.

    >>> resized_size(1275, 1700)
    (448, 597)
    """
    short, long = sorted((width, height))
    longer = RESIZED_SIDE_PX * long // short
    return (RESIZED_SIDE_PX, longer) if width <= height else (longer, RESIZED_SIDE_PX)


def five_crops(picture: Image.Image) -> Pixels:
    """Resizes a picture (bilinear, antialiased) and cuts its five crops.

    Returns:
        (5, 384, 384, 3) uint8: top left, top right, bottom left, bottom right, centre.
    """
    size = resized_size(picture.width, picture.height)
    pixels = np.asarray(picture.resize(size, Image.Resampling.BILINEAR))
    right, bottom = size[0] - CROP_SIDE_PX, size[1] - CROP_SIDE_PX
    origins = (
        (0, 0),
        (0, right),
        (bottom, 0),
        (bottom, right),
        (round(bottom / 2), round(right / 2)),
    )
    return np.stack([pixels[y : y + CROP_SIDE_PX, x : x + CROP_SIDE_PX] for y, x in origins])
