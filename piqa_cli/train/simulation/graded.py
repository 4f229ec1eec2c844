"""Draws scenes that show a few faults alone, each in several strengths: what is worse than what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from piqa_cli.train.simulation.camera import Camera
from piqa_cli.train.simulation.devices import STRENGTHS, camera_of

GRADES = 4  # strengths of every fault
_ONLY_WITH_A_SUBJECT = {"misfocus_px"}
_NO_FAULT_ALONE = {"halo_px", "chroma"}
STEADY_REFRAME = 0.02
MOST_OWN_SHARPENING = 0.4  # strongest sharpening of the base camera that is no fault yet


def draw_graded_scene(
    rng: np.random.Generator, count: int, *, portrait: bool = False
) -> list[Camera]:
    """Cameras that take the same scene, each with one fault at most.

    Args:
        rng: source of randomness.
        count: of cameras; every fourth brings another fault.
        portrait: somebody is near: focus may lie behind them.
    """
    left_out = _NO_FAULT_ALONE | (set() if portrait else _ONLY_WITH_A_SUBJECT)
    faults = [name for name in STRENGTHS if name not in left_out]
    sharpening = float(rng.uniform(0, MOST_OWN_SHARPENING))
    chosen = rng.choice(faults, size=-(-count // GRADES), replace=False)
    cameras = [camera for fault in chosen for camera in _grades(str(fault), rng)]
    return [
        replace(camera, sharpening=max(camera.sharpening, sharpening)) for camera in cameras[:count]
    ]


def _grades(fault: str, rng: np.random.Generator) -> list[Camera]:
    """One fault in four strengths; a cast keeps its colour, a motion its direction."""
    halo_px = STRENGTHS["halo_px"].draw(rng)
    first = _camera(fault, halo_px, rng)
    cameras = [first, *(_camera(fault, halo_px, rng) for _ in range(GRADES - 1))]
    return [
        replace(
            camera,
            warmth=float(np.copysign(camera.warmth, first.warmth)),
            tint=float(np.copysign(camera.tint, first.tint)),
            motion_deg=first.motion_deg,
        )
        for camera in cameras
    ]


def _camera(fault: str, halo_px: float, rng: np.random.Generator) -> Camera:
    strengths = {"halo_px": halo_px, fault: STRENGTHS[fault].draw(rng)}
    return camera_of(strengths, rng, reframe=float(rng.uniform(0, STEADY_REFRAME)))
