"""Types of network inputs. Importing this imports no network library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FaceBox = tuple[float, float, float, float]
"""(x0, y0, x1, y1) in pixels of the given image, before any growing, (x1, y1) exclusive."""

Views = dict[str, NDArray[Any]]
"""Network inputs of one photograph by name; every array's first axis counts views or patches.

Shapes do not depend on the photograph's size, so photographs can be stacked into batches.
"""

Landmarks = NDArray[np.float64]
"""(68, 2) float64: x and y of every point of a face (iBUG 300-W's order), in pixels."""

Cut = Callable[[NDArray[np.uint8], FaceBox | None], Views]
"""Cuts the views of a photograph as `QualityModel.views` does, by itself: without the network."""


@dataclass(frozen=True, slots=True)
class CutWithoutFace:
    """A `Cut` that needs no face.

    Attributes:
        of_picture: cuts the views of (H, W, 3) uint8 sRGB pixels.
    """

    of_picture: Callable[[NDArray[np.uint8]], Views]

    def __call__(self, image: NDArray[np.uint8], face: FaceBox | None) -> Views:
        """See `Cut`; the face doesn't count."""
        return self.of_picture(image)
