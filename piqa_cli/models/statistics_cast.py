"""Statistics of the light's colour: several guesses at what should be grey, as log ratios.

White patch, grey world and shades of grey (Finlayson and Trezzi 2004, equation 3), grey edge
(van de Weijer et al. 2007, equation 9), each of red and of blue against green.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

_FLOOR = 1.0  # of a level of 255: black has no colour
_NORM = 6  # of the Minkowski mean between grey world (1) and white patch (infinity)


def cast_statistics(colour: Plane) -> dict[str, float]:
    """Eight log ratios of (H, W, 3) float32 0..255; 0 is neutral, positive is too much of it."""
    small = colour[::2, ::2]
    edges = np.abs(np.diff(small, axis=0)).mean(axis=(0, 1)) if len(small) > 1 else np.zeros(3)
    guesses = {
        "median": np.median(small, axis=(0, 1)),
        "world": small.mean(axis=(0, 1)),
        "shades": 255 * ((small / 255) ** _NORM).mean(axis=(0, 1)) ** (1 / _NORM),
        "edge": edges,
    }
    found: dict[str, float] = {}
    for name, guess in guesses.items():
        red, green, blue = np.log(np.asarray(guess, np.float64) + _FLOOR)
        found |= {f"cast_red_{name}": float(red - green), f"cast_blue_{name}": float(blue - green)}
    return found
