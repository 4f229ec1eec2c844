"""Types of network inputs. Importing this imports no network library."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

FaceBox = tuple[float, float, float, float]
"""(x0, y0, x1, y1) in pixels of the given image, before any growing, (x1, y1) exclusive."""

Views = dict[str, NDArray[Any]]
"""Network inputs of one photograph by name; every array's first axis counts views or patches.

Shapes do not depend on the photograph's size, so photographs can be stacked into batches.
"""
