"""Types of network inputs. Importing this imports no network library."""

from __future__ import annotations

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
