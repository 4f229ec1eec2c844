"""Finds faces where nobody has said where they are; one detector a process."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from piqa_cli.train.photographs import FaceBox

if TYPE_CHECKING:
    from piqa_cli.face.detect import FaceDetector


def find_face(pixels: NDArray[np.uint8]) -> FaceBox | None:
    """The most confident face in (H, W, 3) uint8 pixels, or None."""
    box = _detector().detect(pixels).box
    return None if box is None else (box.x0, box.y0, box.x1, box.y1)


@cache
def _detector() -> FaceDetector:
    from piqa_cli.face.detect import FaceDetector  # seconds to import

    return FaceDetector()
