"""Patches of the photo and of its face, as SAR's authors tell of them (NTIRE 2024 survey).

The paper cuts "30 dense patches" and doesn't say where; here they are a grid from edge to edge, the
same for every photo of a shape.
"""

from __future__ import annotations

from piqa_cli.models.blocks.crops import Pixels, grid_crops
from piqa_cli.models.blocks.face_crops import face_square
from piqa_cli.models.view_types import FaceBox, Views

PATCH_SIDE_PX = 224
PATCHES_ALONG_LONGER_SIDE = 6  # 6 x 5 patches cover most of a 4:3 picture of 1350 x 1800 px
PATCHES_ALONG_SHORTER_SIDE = 5
FACE_SIDE_PX = 512
"""The face's square is at least so large. The authors counted pixels of the original. These are
pixels of the working picture: at the default size (shorter side 1350 px) a 12 MP photo shows 2.2
times as much around a small face, as much coarser; `--working-size native` is the paper's."""


def sar_views(image: Pixels, face: FaceBox | None) -> Views:
    """30 patches of the photo and 30 of the face's square.

    Args:
        image: (H, W, 3) uint8 sRGB, sides of at least 224 px.
        face: the detector's box in pixels of `image`; None: the whole picture stands in.

    Returns:
        `whole` and `face`, (30, 224, 224, 3) uint8.
    """
    whole = dense_patches(image)
    if face is None:
        return {"whole": whole, "face": whole}
    square = face_square(image, face, at_least=FACE_SIDE_PX)
    return {"whole": whole, "face": dense_patches(square)}


def dense_patches(image: Pixels) -> Pixels:
    """30 patches at equal steps from edge to edge, row by row, without any resize."""
    rows, columns = PATCHES_ALONG_LONGER_SIDE, PATCHES_ALONG_SHORTER_SIDE
    if image.shape[1] > image.shape[0]:
        rows, columns = columns, rows
    return grid_crops(image, PATCH_SIDE_PX, rows=rows, columns=columns)
