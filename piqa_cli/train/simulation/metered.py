"""Draws scenes in which the camera misjudges the light alone: white balance and exposure.

Their pictures keep the photograph's own light (see `looks.vary`): how a scene should look can only
be learnt from scenes as they are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from piqa_cli.train.simulation.camera import Camera
from piqa_cli.train.simulation.devices import STRENGTHS, camera_of
from piqa_cli.train.simulation.graded import MOST_OWN_SHARPENING, STEADY_REFRAME

_ERRORS = (
    ("warmth", "warmth", 1),
    ("warmth", "warmth", -1),
    ("tint", "tint", 1),
    ("tint", "tint", -1),
    ("exposure_ev", "brightness_ev", 1),
    ("exposure_ev", "darkness_ev", -1),
)
"""A setting of the camera, the range that its strength is drawn from, and its sign."""


def draw_metered_scene(rng: np.random.Generator, count: int) -> list[Camera]:
    """Cameras that take the same scene: the first as it is, each other with one error.

    Args:
        rng: source of randomness.
        count: of cameras.
    """
    sharpening = float(rng.uniform(0, MOST_OWN_SHARPENING))
    cameras = []
    for number in range(count):
        camera = camera_of({"halo_px": 1.0}, rng, reframe=float(rng.uniform(0, STEADY_REFRAME)))
        camera = replace(camera, sharpening=sharpening)
        if number:
            setting, strength, sign = _ERRORS[(number - 1) % len(_ERRORS)]
            error = {setting: sign * STRENGTHS[strength].draw(rng)}
            camera = replace(camera, **error)  # type: ignore[arg-type]
        cameras.append(camera)
    return cameras
