"""Varies a clean photograph before its scene is captured: other framing, other light.

All captures of the scene share the look, so it never changes which one is better; a model that
learns from many looks doesn't take a close framing, dusk or warm light for a fault.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from piqa_cli.train.photographs import FaceBox
from piqa_cli.train.simulation.develop import grade

LOOK_MARK = "-look"  # part of a scene's name, between its photograph and the number of the look

_LEAST_SIDE_PX = 300  # least side of a crop: smaller ones show too little
_LEAST_VISIBLE = 0.7  # share of a face; a crop with less of it has no face


def vary(
    clean: NDArray[np.uint8],
    face: FaceBox | None,
    *,
    rng: np.random.Generator,
    own_light: bool = False,
) -> tuple[NDArray[np.uint8], FaceBox | None]:
    """Crops, mirrors (every second time) and, unless it keeps its own light, regrades.

    Args:
        clean: (H, W, 3) uint8 sRGB.
        face: box in its pixels, or None.
        rng: source of randomness.
        own_light: colour and tone stay as they are.

    Returns:
        (h, w, 3) uint8; and the face's box in it, or None where most of it is outside.
    """
    height, width = (_kept_side(side, rng) for side in clean.shape[:2])
    top = int(rng.integers(clean.shape[0] - height + 1))
    left = int(rng.integers(clean.shape[1] - width + 1))
    cropped = clean[top : top + height, left : left + width]
    moved = None if face is None else _inside(face, (left, top), (width, height))
    if rng.integers(2):
        cropped = cropped[:, ::-1]
        moved = None if moved is None else (width - moved[2], moved[1], width - moved[0], moved[3])
    if own_light:
        return np.ascontiguousarray(cropped), moved
    return _regraded(cropped, rng), moved


def _kept_side(side: int, rng: np.random.Generator) -> int:
    return max(min(side, _LEAST_SIDE_PX), round(side * float(rng.uniform(0.6, 1.0))))


def _inside(face: FaceBox, corner: tuple[int, int], size: tuple[int, int]) -> FaceBox | None:
    x0, x1 = (min(max(value - corner[0], 0.0), size[0]) for value in (face[0], face[2]))
    y0, y1 = (min(max(value - corner[1], 0.0), size[1]) for value in (face[1], face[3]))
    whole = (face[2] - face[0]) * (face[3] - face[1])
    return (x0, y0, x1, y1) if (x1 - x0) * (y1 - y0) >= _LEAST_VISIBLE * whole else None


def _regraded(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Another light: gamma 0.75..1.5, colour 0.5..1.2, a little warmth and contrast."""
    curve = (np.arange(256) / 255) ** rng.uniform(0.75, 1.5)
    warmth = np.exp(rng.normal(0, 0.04) * np.array([1, 0, -1]))
    contrast, saturation = float(rng.uniform(-0.1, 0.2)), float(rng.uniform(0.5, 1.2))
    lit = (curve.astype(np.float32)[pixels] * warmth.astype(np.float32)).astype(np.float32)
    display = grade(lit, contrast, saturation=saturation)
    return np.ascontiguousarray((display * 255 + 0.5).astype(np.uint8))
