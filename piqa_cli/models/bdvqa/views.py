"""Pixels to crops, in place of the 18 random ones of the paper. numpy and Pillow only."""

from __future__ import annotations

import numpy as np

from piqa_cli.models.blocks.crops import Pixels, grid_crops, to_short_side
from piqa_cli.models.view_types import Views

CROP_SIDE_PX = 384
CROPS = 18
SHORT_SIDES_PX = (448, 896)
"""Shorter sides of the picture, nine crops each. The paper draws 18 random resized crops: they show
anything from most of the picture to a detail. A 3 x 3 grid at two scales does so, too (the crop is
6/7 and 3/7 of the shorter side), reaches every edge, and treats both orientations alike, as 3 x 6
at one scale would not."""


def bdvqa_views(image: Pixels) -> Views:
    """Nine crops of the picture at each of two sizes.

    Args:
        image: (H, W, 3) uint8 sRGB.

    Returns:
        `crops` (18, 384, 384, 3) uint8: the smaller picture's first, row by row.
    """
    return {"crops": np.concatenate([_nine(image, side) for side in SHORT_SIDES_PX])}


def _nine(image: Pixels, short_side: int) -> Pixels:
    return grid_crops(to_short_side(image, short_side), CROP_SIDE_PX, rows=3, columns=3)
