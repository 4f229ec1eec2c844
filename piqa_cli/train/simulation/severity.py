"""Costs of a simulated camera's faults, in JOD-like units.

The weights follow what people punish in staged captures: lost sharpness most (motion above all),
then darkness together with noise; casts, haze, saturation and overexposure less; visible
processing (halos, smear) clearly. They are a stated assumption, not a measurement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from piqa_cli.train.simulation.camera import Camera

_FREE_SHARPENING = 0.4  # every phone sharpens this much; nobody minds
_FREE_LOCAL = 0.3  # HDR-like compression that costs nothing, for the same reason
_VISIBLE_GRAIN_PX = 1.6  # finer grain costs less: it is lost when the picture is looked at whole


def severities(camera: Camera) -> dict[str, float]:
    """The cost of each fault, in JOD, each >= 0.

    Args:
        camera: see `Camera` for the units.

    Returns:
        `blur` (defocus, motion and a small sensor together), `dark`, `bright`, `noise`, `smear`,
        `halo`, `cast`, `haze`, `harsh`, `colour`, `blocking`.
    """
    dark_ev, bright_ev = max(0.0, -camera.exposure_ev), max(0.0, camera.exposure_ev)
    extra = max(0.0, camera.sharpening - _FREE_SHARPENING)
    quality_lost = min(max(0.0, 95.0 - camera.jpeg_quality), 85.0) / 85.0
    return {
        "blur": _blur(camera),
        "dark": 0.55 * dark_ev**1.3,
        "bright": 0.45 * bright_ev**1.3,
        "noise": 0.5
        * float(np.log2(1 + camera.iso / 400))
        * (1 + 0.25 * min(dark_ev, 2.0))
        * (1 + 0.3 * camera.chroma)
        * float(np.sqrt(min(camera.grain_px / _VISIBLE_GRAIN_PX, 1.0))),
        "smear": 1.7 * camera.smear,
        "halo": 0.85 * extra * float(np.sqrt(max(camera.halo_px, 0.5))),
        "cast": 0.9 * abs(camera.warmth) + 2.4 * abs(camera.tint),
        "haze": 1.4 * max(0.0, -camera.contrast),
        "harsh": 0.7 * max(0.0, camera.contrast) + 1.2 * max(0.0, camera.local - _FREE_LOCAL),
        "colour": 0.8 * abs(camera.saturation - 1.0) ** 1.2,
        "blocking": 2.6 * quality_lost**1.6,
    }


def label_jod(camera: Camera) -> float:
    """The label of a capture: minus the sum of its faults' costs; 0 is flawless, -8 is awful."""
    return -sum(severities(camera).values())


def _blur(camera: Camera) -> float:
    """One cost for all that lost detail has in common: two blurs are no worse than their sum.

    The radii add as variances do: a line of length L has the deviation L / sqrt(12), a disc of
    radius r has r / 2 along one axis; motion weighs a tenth more. Enlarging by 1 / detail
    blurs like a disc of about 1.1 (1 / detail - 1) px. Blur of the subject alone counts almost
    whole, blur in the corners by a third, blur of all but the subject not at all.
    """
    motion_px = 1.1 * camera.motion_px * 2 / np.sqrt(12) / np.sqrt(2)
    sensor_px = 1.1 * (1 / camera.detail - 1)
    partly_px = np.hypot(0.9 * camera.misfocus_px, 0.33 * camera.corner_px)
    radius_px = np.sqrt(camera.defocus_px**2 + motion_px**2 + sensor_px**2 + partly_px**2)
    return float(1.2 * np.log2(1 + (radius_px / 1.2) ** 1.5))
