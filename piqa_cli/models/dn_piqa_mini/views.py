"""Cuts the network inputs of the small model: plain uint8 crops, by numpy and Pillow alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.models.view_types import FaceBox, Views

Pixels = NDArray[np.uint8]
_Square = tuple[float, float, float, float]

WHOLE_SIDE_PX = 384  # shorter side at which the whole picture is seen
FACE_SIDE_PX = 224
DETAIL_SIDE_PX = 224
DETAIL_SCALE_PX = 1350  # shorter side of the picture that the detail squares are cut from
_FACE_GROWTH = 1.6  # side of the face square, in longer sides of the face box
_DETAIL_PLACES = ((0.3, 0.35), (0.7, 0.65))  # middles of the squares beside the face: across, down


def mini_views(image: Pixels, face: FaceBox | None) -> Views:
    """Cuts all inputs of the small model.

    Args:
        image: (H, W, 3) uint8 sRGB, any size.
        face: the detector's box in pixels of `image`. Without one, or with one outside the
            picture, the middle of the picture stands in.

    Returns:
        `whole` (2, 384, 384, 3) uint8: the squares at both ends of the longer side;
        `face` (1, 224, 224, 3) uint8: a square 1.6 times as large as the face;
        `detail` (3, 224, 224, 3) uint8: squares at the scale where the shorter side has 1350 px,
        the first in the middle of the face;
        `scale` (1, 1) float32: the picture's shorter side against 1350 px, 1 at most.
    """
    picture = Image.fromarray(image)
    inside = None if face is None else _inside(face, picture.size)
    return {
        "whole": np.stack(_ends(picture)),
        "face": np.stack([_face(picture, inside)]),
        "detail": np.stack(_details(picture, inside)),
        "scale": np.array([[min(min(picture.size) / DETAIL_SCALE_PX, 1.0)]], np.float32),
    }


def _ends(picture: Image.Image) -> tuple[Pixels, Pixels]:
    """Two squares that show all of a picture up to 2:1; a wider one is seen smaller, mirrored."""
    short, long = sorted(picture.size)
    scale = WHOLE_SIDE_PX / max(short, long / 2)
    width, height = (max(1, round(side * scale)) for side in picture.size)
    pixels = np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC))
    pixels = _mirrored(pixels, WHOLE_SIDE_PX)
    return pixels[:WHOLE_SIDE_PX, :WHOLE_SIDE_PX], pixels[-WHOLE_SIDE_PX:, -WHOLE_SIDE_PX:]


def _face(picture: Image.Image, face: FaceBox | None) -> Pixels:
    if face is None:
        square = _square_at((picture.width / 2, picture.height / 2), min(picture.size), picture)
    else:
        side = _FACE_GROWTH * max(face[2] - face[0], face[3] - face[1])
        square = _square_at(_middle(face), side, picture)
    return _resized(picture, square, FACE_SIDE_PX)


def _details(picture: Image.Image, face: FaceBox | None) -> list[Pixels]:
    """Squares without reduction at 1350 px; a smaller picture is enlarged, and shows it."""
    side = DETAIL_SIDE_PX * min(picture.size) / DETAIL_SCALE_PX
    first = (picture.width / 2, picture.height / 2) if face is None else _middle(face)
    others = [(picture.width * across, picture.height * down) for across, down in _DETAIL_PLACES]
    squares = [_square_at(middle, side, picture) for middle in (first, *others)]
    return [_resized(picture, square, DETAIL_SIDE_PX) for square in squares]


def _square_at(middle: tuple[float, float], side: float, picture: Image.Image) -> _Square:
    """A square of whole pixels, moved into the picture, no larger than its shorter side."""
    size = max(1, min(round(side), *picture.size))
    left, top = (
        min(max(round(centre - size / 2), 0), whole - size)
        for centre, whole in zip(middle, picture.size, strict=True)
    )
    return left, top, left + size, top + size


def _resized(picture: Image.Image, square: _Square, side: int) -> Pixels:
    return np.asarray(picture.resize((side, side), Image.Resampling.BICUBIC, box=square))


def _mirrored(pixels: Pixels, side: int) -> Pixels:
    """The pixels, continued by their mirror image where a side is too short."""
    height, width = (max(0, side - length) for length in pixels.shape[:2])
    if not height and not width:
        return pixels
    return np.pad(pixels, ((0, height), (0, width), (0, 0)), mode="symmetric")


def _middle(box: FaceBox) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _inside(face: FaceBox, size: tuple[int, int]) -> FaceBox | None:
    """The part of a box inside the picture; None where nothing of it is."""
    x0, x1 = (min(max(value, 0.0), size[0]) for value in (face[0], face[2]))
    y0, y1 = (min(max(value, 0.0), size[1]) for value in (face[1], face[3]))
    return (x0, y0, x1, y1) if x1 - x0 >= 1 and y1 - y0 >= 1 else None
