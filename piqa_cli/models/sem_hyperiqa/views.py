"""Square patches of a photograph for SEM- and FULL-HyperIQA. numpy and Pillow, nothing random."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from piqa_cli.models.blocks.crops import grid_crops, to_short_side
from piqa_cli.models.view_types import Views


def patch_views(image: NDArray[np.uint8], *, side_px: int, patches: int) -> Views:
    """Patches in a row along the longer side, from edge to edge, in the middle of the shorter one.

    The authors take random patches, and don't state how pictures are resized before. Here they are
    taken as they are read, which by default is at a shorter side of 1350 px, close to the 1300 that
    they name; only pictures smaller than a patch are enlarged, to its side.

    Args:
        image: (H, W, 3) uint8 sRGB.
        side_px: of a patch.
        patches: how many; a single one is the middle.

    Returns:
        `patches` (patches, side, side, 3) uint8, from the top or from the left.
    """
    if min(image.shape[:2]) < side_px:
        image = to_short_side(image, side_px)
    rows, columns = (patches, 1) if image.shape[0] >= image.shape[1] else (1, patches)
    return {"patches": grid_crops(image, side_px, rows=rows, columns=columns)}
