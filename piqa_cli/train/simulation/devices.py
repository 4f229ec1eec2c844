"""Draws simulated devices: which faults come together, how strong, and what training never sees.

Every fault's strength is drawn from a range with holes. Training cameras avoid the holes; the
devices of the frozen test lie in them, so that the test asks for strengths never trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from piqa_cli.train.simulation.camera import Camera

Bands = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Strength:
    """Range of one fault's strength.

    Attributes:
        low, high: of the range, in the units of `Camera`.
        logarithmic: drawn evenly in the logarithm.
        kept_out: sub-ranges that only the frozen test uses.
        weak_at_high: the fault is weakest at the high end.
    """

    low: float
    high: float
    logarithmic: bool
    kept_out: Bands
    weak_at_high: bool = False

    def draw(self, rng: np.random.Generator, *, reach: float = 1.0) -> float:
        """A strength outside the kept-out bands, within the weaker part `reach` of the range."""
        low, high = self._ends()
        if self.weak_at_high:
            low = high - reach * (high - low)
        else:
            high = low + reach * (high - low)
        while True:
            value = float(rng.uniform(low, high))
            value = float(np.exp(value)) if self.logarithmic else value
            if not any(low <= value <= high for low, high in self.kept_out):
                return value

    def _ends(self) -> tuple[float, float]:
        if self.logarithmic:
            return float(np.log(self.low)), float(np.log(self.high))
        return self.low, self.high


STRENGTHS: dict[str, Strength] = {
    "defocus_px": Strength(0.4, 9.0, True, ((0.9, 1.15), (1.8, 2.3))),
    "motion_px": Strength(1.5, 45.0, True, ((3.2, 4.0), (8.0, 10.0))),
    "iso": Strength(80, 12800, True, ((700, 1000), (2400, 3300))),
    "smear": Strength(0.03, 1.0, False, ((0.3, 0.38), (0.6, 0.68))),
    "sharpening": Strength(0.1, 4.0, False, ((1.1, 1.35), (2.2, 2.6))),
    "halo_px": Strength(0.6, 2.6, False, ((1.2, 1.5),)),
    "darkness_ev": Strength(0.1, 3.0, False, ((0.6, 0.8), (1.3, 1.6))),
    "brightness_ev": Strength(0.1, 2.0, False, ((0.5, 0.65), (1.1, 1.3))),
    "warmth": Strength(0.03, 1.0, False, ((0.25, 0.34), (0.55, 0.65))),
    "tint": Strength(0.02, 0.3, False, ((0.08, 0.11),)),
    "fog": Strength(0.05, 0.5, False, ((0.15, 0.2), (0.32, 0.38))),
    "harshness": Strength(0.05, 0.7, False, ((0.2, 0.28),)),
    "saturation_loss": Strength(0.05, 0.8, False, ((0.25, 0.33),)),
    "saturation_gain": Strength(0.05, 0.8, False, ((0.25, 0.33),)),
    "detail": Strength(0.3, 0.95, False, ((0.6, 0.67),), weak_at_high=True),
    "jpeg_loss": Strength(1.0, 85.0, False, ((36, 42), (56, 62))),
    "chroma": Strength(0.1, 1.0, False, ((0.4, 0.5),)),
    "corner_px": Strength(0.5, 6.0, True, ((1.8, 2.3),)),
    "misfocus_px": Strength(0.4, 9.0, True, ((0.9, 1.15), (1.8, 2.3))),
    "local": Strength(0.1, 1.0, False, ((0.5, 0.6),)),
}

# Probability of each fault in a capture, by the light of the scene.
_DAYLIGHT = {
    "defocus_px": 0.35,
    "motion_px": 0.25,
    "iso": 0.5,
    "smear": 0.3,
    "sharpening": 0.5,
    "darkness_ev": 0.3,
    "brightness_ev": 0.3,
    "warmth": 0.3,
    "tint": 0.25,
    "fog": 0.2,
    "harshness": 0.25,
    "saturation_loss": 0.15,
    "saturation_gain": 0.2,
    "detail": 0.2,
    "jpeg_loss": 0.3,
}
_LOW_LIGHT = _DAYLIGHT | {
    "defocus_px": 0.45,
    "motion_px": 0.55,
    "iso": 0.95,
    "smear": 0.55,
    "darkness_ev": 0.75,
    "brightness_ev": 0.05,
    "warmth": 0.45,
}
_SINGLE_FAULT_SHARE, _LOW_LIGHT_SHARE = 0.25, 0.3
REFRAME = 0.06  # largest part of the picture lost to framing


def draw_camera(rng: np.random.Generator, *, reach: float = 1.0) -> Camera:
    """A camera for training: one fault alone, a daylight mix or a low-light mix.

    Args:
        rng: source of randomness.
        reach: 1 for faults of any strength, less for the weaker part of their ranges.
    """
    light = float(rng.uniform())
    if light < _SINGLE_FAULT_SHARE:
        names = [str(rng.choice(list(_DAYLIGHT)))]
    else:
        low = light < _SINGLE_FAULT_SHARE + _LOW_LIGHT_SHARE
        odds = _LOW_LIGHT if low else _DAYLIGHT
        names = [name for name, share in odds.items() if rng.uniform() < share]
    return _camera_with(names, rng, reach=reach)


def draw_combined_camera(rng: np.random.Generator, *, reach: float = 1.0) -> Camera:
    """A camera for training with up to five faults, any with any: they hide one another.

    Args:
        rng: source of randomness.
        reach: see `draw_camera`.
    """
    return _camera_with(_some_faults(rng), rng, reach=reach)


def _some_faults(rng: np.random.Generator) -> list[str]:
    """Two to five faults, any with any."""
    chosen = rng.choice(list(_DAYLIGHT), size=int(rng.integers(2, 6)), replace=False)
    return [str(name) for name in chosen]


def _camera_with(names: Sequence[str], rng: np.random.Generator, *, reach: float) -> Camera:
    strengths = {name: STRENGTHS[name].draw(rng, reach=reach) for name in names}
    strengths["halo_px"] = STRENGTHS["halo_px"].draw(rng)
    return camera_of(strengths, rng, reframe=float(rng.uniform(0, REFRAME)))


def camera_of(strengths: dict[str, float], rng: np.random.Generator, *, reframe: float) -> Camera:
    """Turns strengths into a camera; faults that exclude each other keep the first drawn."""
    exposure = -strengths["darkness_ev"] if "darkness_ev" in strengths else 0.0
    exposure = exposure or strengths.get("brightness_ev", 0.0)
    contrast = -strengths["fog"] if "fog" in strengths else strengths.get("harshness", 0.0)
    saturation = 1 - strengths.get("saturation_loss", -strengths.get("saturation_gain", 0.0))
    warm, green = (1.0 if heads else -1.0 for heads in rng.integers(0, 2, size=2))
    return Camera(
        exposure_ev=exposure,
        iso=strengths.get("iso", 80.0),
        smear=strengths.get("smear", 0.0),
        sharpening=strengths.get("sharpening", 0.0),
        halo_px=strengths["halo_px"],
        warmth=warm * strengths.get("warmth", 0.0),
        tint=green * strengths.get("tint", 0.0),
        defocus_px=strengths.get("defocus_px", 0.0),
        motion_px=strengths.get("motion_px", 0.0),
        motion_deg=float(rng.uniform(0, 180)),
        contrast=contrast,
        saturation=saturation,
        detail=strengths.get("detail", 1.0),
        jpeg_quality=round(95 - strengths.get("jpeg_loss", 0.0)),
        reframe=reframe,
        chroma=strengths.get("chroma", 0.0),
        corner_px=strengths.get("corner_px", 0.0),
        misfocus_px=strengths.get("misfocus_px", 0.0),
        bokeh_px=strengths.get("bokeh_px", 0.0),
        local=strengths.get("local", 0.0),
    )


_FAULTS: tuple[tuple[str, ...], ...] = (
    ("exposure_ev",),
    ("iso",),
    ("smear",),
    ("sharpening", "halo_px"),
    ("warmth", "tint"),
    ("defocus_px",),
    ("motion_px", "motion_deg"),
    ("contrast",),
    ("saturation",),
    ("detail",),
    ("jpeg_quality",),
)


def draw_scene(
    rng: np.random.Generator, count: int, *, reach: float = 1.0, combined: bool = False
) -> list[Camera]:
    """Cameras that take the same scene: every second one differs from the last in one fault only.

    Such pairs teach what each fault costs by itself; the others, what they cost together.

    Args:
        rng: source of randomness.
        count: of cameras.
        reach: see `draw_camera`.
        combined: faults in any combination, instead of as often as they occur together.
    """
    draw = draw_combined_camera if combined else draw_camera
    cameras: list[Camera] = []
    while len(cameras) < count:
        camera = draw(rng, reach=reach)
        if len(cameras) % 2:
            camera = _with_one_fault_of(cameras[-1], camera, rng)
        cameras.append(camera)
    return cameras


def _with_one_fault_of(base: Camera, donor: Camera, rng: np.random.Generator) -> Camera:
    differing = [
        fault
        for fault in _FAULTS
        if any(getattr(base, name) != getattr(donor, name) for name in fault)
    ]
    fault = differing[int(rng.integers(len(differing)))]
    changed = {name: getattr(donor, name) for name in fault}
    return replace(base, reframe=donor.reframe, **changed)
