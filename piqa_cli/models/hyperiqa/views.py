"""The 25 crops of HyperIQA, in both published ways. numpy and Pillow only, nothing random."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from piqa_cli.models.blocks.crops import crops_at, grid_crops, stretched
from piqa_cli.models.view_types import Views

SIDE_PX = 224
STRETCHED_WIDTH_PX, STRETCHED_HEIGHT_PX = 384, 512  # whatever the picture's aspect
GRID = 5  # crops a side

CUTTINGS = ("stretched", "grid")
"""`stretched` is the authors' way: the whole picture at 384 x 512 px; where they take 25 crops at
random places, a grid from edge to edge. `grid` is the re-implementation's: crops of the picture as
it is read. It shows the network a part of the picture only, in full detail."""


def hyperiqa_views(image: NDArray[np.uint8], cutting: str) -> Views:
    """Twenty-five crops.

    Args:
        image: (H, W, 3) uint8 sRGB, sides of at least 224 px.
        cutting: one of `CUTTINGS`.

    Returns:
        `crops` (25, 224, 224, 3) uint8, row by row.
    """
    if cutting == "grid":
        return {"crops": crops_at(image, stepped_origins(*image.shape[:2]), SIDE_PX)}
    picture = stretched(image, width=STRETCHED_WIDTH_PX, height=STRETCHED_HEIGHT_PX)
    return {"crops": grid_crops(picture, SIDE_PX, rows=GRID, columns=GRID)}


def stepped_origins(height: int, width: int) -> list[tuple[int, int]]:
    """(y, x) of the re-implementation's crops: its steps never reach the right and bottom edges.

    >>> stepped_origins(724, 229)[-1]
    (400, 4)
    """
    down, right = (height - SIDE_PX) // GRID, (width - SIDE_PX) // GRID
    return [(row * down, column * right) for row in range(GRID) for column in range(GRID)]
