"""RQ-Net's two views of the whole photo, nine times each, as its authors cut them."""

from __future__ import annotations

from piqa_cli.models.blocks.crops import Pixels, grid_crops, stretched, to_short_side
from piqa_cli.models.blocks.mosaic import nine_mosaics
from piqa_cli.models.view_types import Views

VIEW_SIDE_PX = 224
STRETCHED_SIDE_PX = 244
MOSAIC_SHORT_SIDE_PX = 672
MOSAIC_CELLS = 7
MOSAIC_PATCH_PX = 32


def rq_net_views(image: Pixels) -> Views:
    """Crops of the stretched photo, and mosaics of the photo at three times their size.

    Both run through the same nine places, row by row from the top left one. Which crop is paired
    with which mosaic moves no score: the last layer is linear in both.

    Returns:
        `whole` and `mosaics`, (9, 224, 224, 3) uint8.
    """
    small = stretched(image, width=STRETCHED_SIDE_PX, height=STRETCHED_SIDE_PX)
    large = to_short_side(image, MOSAIC_SHORT_SIDE_PX)
    return {
        "whole": grid_crops(small, VIEW_SIDE_PX, rows=3, columns=3),
        "mosaics": nine_mosaics(large, cells=MOSAIC_CELLS, side=MOSAIC_PATCH_PX),
    }
