"""Patches of the photo and of its face, as SAR's authors tell of them (NTIRE 2024 survey).

The paper cuts "30 dense patches" and doesn't say where; here they are a grid from edge to edge, the
same for every photo of a shape.
"""

from __future__ import annotations

from piqa_cli.models.blocks.crops import Pixels, crops_at, grid_origins
from piqa_cli.models.view_types import FaceBox, Views

PATCH_SIDE_PX = 224
PATCHES_ALONG_LONGER_SIDE = 6  # 6 x 5 patches cover most of a 4:3 picture of 1350 x 1800 px
PATCHES_ALONG_SHORTER_SIDE = 5
FACE_SIDE_PX = 512  # the face's square is at least so large


def sar_views(image: Pixels, face: FaceBox | None) -> Views:
    """30 patches of the photo and 30 of the face's square.

    Args:
        image: (H, W, 3) uint8 sRGB, sides of at least 224 px.
        face: the detector's box in pixels of `image`; None: the whole picture stands in.

    Returns:
        `whole` and `face`, (30, 224, 224, 3) uint8.
    """
    whole = dense_patches(image)
    return {
        "whole": whole,
        "face": whole if face is None else dense_patches(face_square(image, face)),
    }


def dense_patches(image: Pixels) -> Pixels:
    """30 patches at equal steps from edge to edge, row by row, without any resize."""
    height, width = image.shape[:2]
    rows, columns = PATCHES_ALONG_LONGER_SIDE, PATCHES_ALONG_SHORTER_SIDE
    if width > height:
        rows, columns = columns, rows
    origins = grid_origins(height, width, PATCH_SIDE_PX, rows=rows, columns=columns)
    return crops_at(image, origins, PATCH_SIDE_PX)


def face_square(image: Pixels, face: FaceBox) -> Pixels:
    """The square around a face: its side is the box's longer edge, at least 512 px.

    The authors counted 512 px of the original. These are pixels of the working picture: at the
    default size (shorter side 1350 px) a 12 MP photo shows 2.2 times as much around a small face,
    as much coarser; `--working-size native` is the paper's. The square is moved into the picture,
    and is no larger than its shorter side.

    >>> face_square(np.zeros((900, 700, 3), np.uint8), (10, 20, 300, 620)).shape
    (600, 600, 3)
    """
    height, width = image.shape[:2]
    longer = max(face[2] - face[0], face[3] - face[1])
    side = min(max(round(longer), FACE_SIDE_PX), height, width)
    x, y = (
        min(max(round((low + high - side) / 2), 0), whole - side)
        for low, high, whole in ((face[0], face[2], width), (face[1], face[3], height))
    )
    return image[y : y + side, x : x + side]
