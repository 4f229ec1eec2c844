"""Draws scenes as test labs stage them: one place, one camera, and settings that vary.

Shutter, ISO, focus, exposure and white balance go wrong far and independently of each other;
what the camera's own processing does stays the same throughout. Lens and processing have the
faults that `devices.draw_camera` leaves out: soft corners, coloured speckles, HDR-like
compression. Some captures blur the background on purpose, which costs nothing.
"""

from __future__ import annotations

import numpy as np

from piqa_cli.train.simulation.camera import Camera
from piqa_cli.train.simulation.devices import REFRAME, STRENGTHS, camera_of

_SERIES = {"shutter": 0.4, "focus": 0.35, "iso": 0.5, "exposure": 0.4, "balance": 0.3}
_BODY = {
    "smear": (0.5, 0.4),
    "sharpening": (0.7, 0.25),
    "jpeg_loss": (0.7, 0.3),
    "chroma": (0.4, 1.0),
    "corner_px": (0.4, 1.0),
    "local": (0.5, 0.7),
    "saturation_loss": (0.15, 0.4),
    "saturation_gain": (0.15, 0.4),
    "harshness": (0.2, 0.5),
    "fog": (0.1, 0.4),
}
"""Odds that a camera's own processing has a fault, and the part of its range that it reaches."""
_BOKEH_SHARE = 0.2
_BOKEH_PX = (1.0, 8.0)


def draw_staged_scene(
    rng: np.random.Generator, count: int, *, portrait: bool = False
) -> list[Camera]:
    """Cameras that take the same scene, in the order taken.

    Args:
        rng: source of randomness.
        count: of cameras.
        portrait: somebody is near: focus may lie behind them, or the background be blurred.
    """
    own = _with_chance(rng, {name: odds for name, (odds, _) in _BODY.items()})
    body = {name: STRENGTHS[name].draw(rng, reach=_BODY[name][1]) for name in own}
    body["halo_px"] = STRENGTHS["halo_px"].draw(rng)
    return [_shot(body, rng, portrait=portrait) for _ in range(count)]


def _shot(body: dict[str, float], rng: np.random.Generator, *, portrait: bool) -> Camera:
    strengths = dict(body)
    series = _with_chance(rng, _SERIES)
    names = [_strength_of(name, rng, portrait=portrait) for name in series]
    strengths |= {name: STRENGTHS[name].draw(rng) for name in names}
    if "balance" in series:
        strengths["tint"] = STRENGTHS["tint"].draw(rng, reach=0.5)
    if portrait and rng.uniform() < _BOKEH_SHARE and "misfocus_px" not in strengths:
        strengths["bokeh_px"] = float(rng.uniform(*_BOKEH_PX))
    return camera_of(strengths, rng, reframe=float(rng.uniform(0, REFRAME)))


def _strength_of(series: str, rng: np.random.Generator, *, portrait: bool) -> str:
    first = bool(rng.integers(2))
    return {
        "shutter": "motion_px",
        "focus": "misfocus_px" if portrait and first else "defocus_px",
        "iso": "iso",
        "exposure": "darkness_ev" if first else "brightness_ev",
        "balance": "warmth",
    }[series]


def _with_chance(rng: np.random.Generator, odds: dict[str, float]) -> list[str]:
    return [name for name, share in odds.items() if rng.uniform() < share]
