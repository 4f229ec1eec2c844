"""Luma of sRGB pixels, for the simulated camera and the simple measures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_REC_601 = np.array([0.299, 0.587, 0.114], np.float32)


def luma(pixels: NDArray[Any]) -> NDArray[np.float32]:
    """(H, W) float32 Rec. 601 luma of (H, W, 3) pixels of any type, in their range."""
    return pixels.astype(np.float32, copy=False) @ _REC_601
