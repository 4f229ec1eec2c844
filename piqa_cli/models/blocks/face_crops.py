"""The part of a picture around a face: squares, boxes with a margin, eyes made level.

numpy and Pillow only. Boxes and points are in pixels of the given picture, (H, W, 3) uint8 sRGB.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from piqa_cli.models.blocks.crops import Filter, Pixels
from piqa_cli.models.view_types import FaceBox, Landmarks

PixelBox = tuple[int, int, int, int]


def face_square(image: Pixels, face: FaceBox, *, at_least: int) -> Pixels:
    """The square around a face: its side is the box's longer edge, or `at_least` px.

    The square is moved into the picture, and is no larger than its shorter side.

    >>> picture = np.zeros((900, 700, 3), np.uint8)
    >>> face_square(picture, (10, 20, 300, 620), at_least=512).shape
    (600, 600, 3)
    """
    height, width = image.shape[:2]
    longer = max(face[2] - face[0], face[3] - face[1])
    side = min(max(round(longer), at_least), height, width)
    x, y = (
        min(max(round((low + high - side) / 2), 0), whole - side)
        for low, high, whole in ((face[0], face[2], width), (face[1], face[3], height))
    )
    return image[y : y + side, x : x + side]


def with_margin(face: FaceBox | None, share: float, *, width: int, height: int) -> PixelBox:
    """The box, grown on every side and cut at the picture's edges, in whole pixels (rounded down).

    Args:
        face: None: the whole picture stands in.
        share: of the box's width and height, added on every side.
        width: of the picture.
        height: of the picture.

    >>> with_margin((100.0, 100.0, 200.0, 150.0), 0.8, width=250, height=400)
    (20, 60, 250, 190)
    """
    if face is None:
        return 0, 0, width, height
    x0, y0, x1, y1 = face
    across, down = share * (x1 - x0), share * (y1 - y0)
    left, top = int(max(0, x0 - across)), int(max(0, y0 - down))
    right, bottom = int(min(width, x1 + across)), int(min(height, y1 + down))
    return left, top, max(right, left + 1), max(bottom, top + 1)


def padded_cut(image: Pixels, box: PixelBox) -> Pixels:
    """Pixels of a box; what lies outside the picture is black.

    As Pillow's `crop`, which refuses boxes above its process-wide limit of pixels.

    >>> padded_cut(np.full((2, 2, 3), 9, np.uint8), (-1, 0, 2, 1))[..., 0].tolist()
    [[0, 9, 9]]
    """
    x0, y0, x1, y1 = box
    found = np.zeros((y1 - y0, x1 - x0, 3), np.uint8)
    inside = image[max(y0, 0) : y1, max(x0, 0) : x1]
    top, left = max(-y0, 0), max(-x0, 0)
    found[top : top + inside.shape[0], left : left + inside.shape[1]] = inside
    return found


def upright(
    image: Pixels, box: PixelBox, points: Landmarks, *, level: tuple[int, int], side: int
) -> tuple[Pixels, Landmarks]:
    """A box at a fixed size, turned about its middle until two points are level.

    Its aspect isn't kept, the filter is bicubic, and corners that the turn uncovers are black.

    Args:
        image: the picture.
        box: the part of it.
        points: (n, 2) x and y.
        level: numbers of the two points; the first is left of the second afterwards.
        side: of the result, in px.

    Returns:
        (side, side, 3) pixels, and the points in them.
    """
    x0, y0, x1, y1 = box
    part = Image.fromarray(image[y0:y1, x0:x1]).resize((side, side), Filter.BICUBIC)
    placed = (points - (x0, y0)) * (side / (x1 - x0), side / (y1 - y0))
    across, down = placed[level[1]] - placed[level[0]]
    angle = math.atan2(down, across)
    turned = part.rotate(math.degrees(angle), Filter.BICUBIC)
    cosine, sine = math.cos(angle), math.sin(angle)
    middle = side / 2
    placed = (placed - middle) @ np.array([[cosine, -sine], [sine, cosine]]) + middle
    return np.asarray(turned), placed
