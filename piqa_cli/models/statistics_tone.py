"""Statistics of tone, colour and blocking."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

_BLACK, _WHITE = 4, 251  # luma at or beyond which detail is taken as clipped
_BLOCK_PX = 8  # of JPEG


def tone_statistics(luma: Plane) -> dict[str, float]:
    """Percentiles, mean, deviation and clipped parts of (H, W) float32 luma 0..255, in 0..1."""
    counts = np.bincount(np.minimum(luma.ravel(), 255).astype(np.uint8), minlength=256)
    share = np.cumsum(counts) / luma.size
    found = {
        f"luma_p{part}": float(np.searchsorted(share, part / 100)) / 255
        for part in (1, 5, 25, 50, 75, 95, 99)
    }
    local = luma[::8, ::8]
    return found | {
        "luma_mean": float(luma.mean()) / 255,
        "luma_deviation": float(luma.std()) / 255,
        "luma_local_deviation": float(np.abs(np.diff(local, axis=1)).mean()) / 255,
        "black": float(share[_BLACK]),
        "white": float(1 - share[_WHITE - 1]),
    }


def colour_statistics(colour: Plane, luma: Plane) -> dict[str, float]:
    """Level, deviation and noise of colour differences of (H, W, 3) float32 0..255.

    Casts are read where they show: as a mean, in the brightest and in the least coloured pixels.
    """
    small, light = colour[::2, ::2], luma[::2, ::2]
    red, blue = (small[..., 0] - light) / 255, (small[..., 2] - light) / 255
    strength = np.hypot(red, blue)
    bright = light >= np.percentile(light, 95)
    grey = strength <= np.percentile(strength, 20)
    relative = (light + 16) / 255
    found = {
        "red_mean": float(red.mean()),
        "blue_mean": float(blue.mean()),
        "red_deviation": float(red.std()),
        "blue_deviation": float(blue.std()),
        "red_bright": float(red[bright].mean()),
        "blue_bright": float(blue[bright].mean()),
        "red_grey": float((red / relative)[grey].mean()),
        "blue_grey": float((blue / relative)[grey].mean()),
        "strength_mean": float(strength.mean()),
        "strength_high": float(np.percentile(strength, 95)),
        "strength_relative": float((strength / relative).mean()),
    }
    for name, plane in (("red", red), ("blue", blue)):
        rough = np.abs(np.diff(plane, axis=1)) * 255
        found[f"{name}_noise"] = float(np.log(np.median(rough) + 0.05))
        found[f"{name}_detail"] = float(np.log(rough.mean() + 0.05))
    return found


def blocking_statistics(luma: Plane) -> dict[str, float]:
    """How much larger the steps on one phase of an 8 px grid are than on the others (log)."""
    worst = []
    flat = []
    for axis in (0, 1):
        steps = np.abs(np.diff(luma, axis=axis))
        profile = steps.mean(axis=1 - axis)
        phases = np.array([profile[phase::_BLOCK_PX].mean() for phase in range(_BLOCK_PX)])
        worst.append(float(np.log((phases.max() + 0.1) / (np.median(phases) + 0.1))))
        flat.append(float((steps < 0.5).mean()))
    return {"blocking": float(np.mean(worst)), "still": float(np.mean(flat))}
