"""The whole picture on a canvas of fixed size, with its own size beside it. numpy and Pillow only.

DB-CNN pools over the whole picture at its own shape. Crops would hide most of it, and stretching
all photographs to one shape would change the sharpness that it rates. So the pixels keep their
shape, and the network never looks at the rest of the canvas: padding that is looked at would be a
part of what is pooled.
"""

from __future__ import annotations

import numpy as np

from piqa_cli.models.blocks.crops import Pixels, within_long_side
from piqa_cli.models.view_types import Views

LONG_SIDE_PX = 1200
"""The longer side of a larger photograph; PIQ23's figures of DB-CNN are of this size."""


def db_cnn_views(image: Pixels) -> Views:
    """The picture, its longer side at most 1200 px, in the top left corner of a canvas.

    Args:
        image: (H, W, 3) uint8 sRGB.

    Returns:
        `canvas` (1, 1200, 1200, 3) uint8, 0 where the picture ends;
        `size` (1, 2) int64: the picture's height and width on it.
    """
    picture = within_long_side(image, LONG_SIDE_PX)
    height, width = picture.shape[:2]
    canvas = np.zeros((1, LONG_SIDE_PX, LONG_SIDE_PX, 3), np.uint8)
    canvas[0, :height, :width] = picture
    return {"canvas": canvas, "size": np.array([[height, width]], np.int64)}
