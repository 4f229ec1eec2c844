"""Squares of full detail, as phones of today differ: faults that a picture of 512 px hides.

A square of a clean photograph stands for a square of a capture at 1350 px; a scene shows it as
taken by several cameras that differ in fine faults alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.models.dn_piqa_mini.views import DETAIL_SCALE_PX, DETAIL_SIDE_PX
from piqa_cli.train.measures import log_laplacian
from piqa_cli.train.photographs import FaceBox
from piqa_cli.train.simulation.camera import REFERENCE_SIDE_PX, Camera, capture
from piqa_cli.train.simulation.severity import severities

MOST_COST_JOD = 1.0
"""Most that detail alone may cost for one fault; stronger faults show in the whole picture."""

SHOWN = DETAIL_SIDE_PX / DETAIL_SCALE_PX
_BASE = Camera(iso=80, sharpening=0.2, halo_px=0.5, grain_px=0.5)
_TRIES = 6  # squares of a photograph, of which the one with most detail is taken
_HALO_PX = (0.25, 2.6)  # from finer than 512 px show to the widest halos of `devices.STRENGTHS`
_ENLARGED = (1.0, 1.7)  # squares are enlarged a little: no capture of a phone is sharp to the pixel
_FACE_SHARE = 0.5  # share of squares that show the face, where there is one

_STRENGTHS: dict[str, tuple[float, float]] = {
    "defocus_px": (0.15, 2.5),
    "iso": (200, 6400),
    "smear": (0.03, 0.6),
    "sharpening": (0.6, 4.0),
    "detail": (0.25, 0.9),
}
"""Ranges of the fine faults, drawn evenly in the logarithm; lengths at 512 px as in `Camera`."""


@dataclass(frozen=True, slots=True)
class FineCapture:
    """A square of one capture.

    Attributes:
        pixels: (224, 224, 3) uint8 sRGB, after JPEG.
        costs: what each of `FAULTS` costs, 0..1 label-JOD.
    """

    pixels: NDArray[np.uint8]
    costs: tuple[float, ...]


def fine_scene(
    clean: NDArray[np.uint8], face: FaceBox | None, rng: np.random.Generator, count: int
) -> Iterator[FineCapture]:
    """One square of a clean photograph as `count` cameras take it, the first without a fault."""
    square = _square(clean, face, rng)
    for number in range(count):
        camera = draw_fine_camera(rng) if number else _BASE
        seed = int(rng.integers(2**31))
        pixels, _ = capture(square, camera, seed=seed, shown=SHOWN)
        yield FineCapture(pixels, fine_costs(camera))


def draw_fine_camera(rng: np.random.Generator) -> Camera:
    """A camera with one or two fine faults."""
    names = rng.choice(list(_STRENGTHS), size=int(rng.integers(1, 3)), replace=False)
    settings = {str(name): _draw(_STRENGTHS[str(name)], rng) for name in names}
    return replace(
        _BASE,
        **{"sharpening": float(rng.uniform(0, 0.4)), **settings},
        halo_px=_draw(_HALO_PX, rng),
        grain_px=float(rng.uniform(0.35, 1.0)),
        jpeg_quality=int(rng.integers(88, 98)),
    )


def fine_costs(camera: Camera) -> tuple[float, ...]:
    """Costs of `FAULTS` in a square of full detail, 0..1 label-JOD each.

    An enlarged picture is blurred as by a disc of 1.1 (1 / detail - 1) of the enlarged pixels.
    """
    enlarged_px = 1.1 * (1 / camera.detail - 1) * REFERENCE_SIDE_PX / DETAIL_SCALE_PX
    blurred = replace(
        camera, detail=1.0, defocus_px=float(np.hypot(camera.defocus_px, enlarged_px))
    )
    return tuple(min(cost, MOST_COST_JOD) for cost in severities(blurred).values())


def _draw(ends: tuple[float, float], rng: np.random.Generator) -> float:
    low, high = np.log(ends)
    return float(np.exp(rng.uniform(low, high)))


def _square(
    clean: NDArray[np.uint8], face: FaceBox | None, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """(224, 224, 3) of a photograph: the face, or the square with most detail of a few."""
    side = min(round(DETAIL_SIDE_PX / rng.uniform(*_ENLARGED)), *clean.shape[:2])
    if face is not None and rng.uniform() < _FACE_SHARE:
        middles = [((face[1] + face[3]) / 2, (face[0] + face[2]) / 2)]
    else:
        middles = [
            (rng.uniform(0, size[0]), rng.uniform(0, size[1]))
            for size in [clean.shape[:2]] * _TRIES
        ]
    squares = [_cut(clean, middle, side) for middle in middles]
    best = max(squares, key=log_laplacian)
    enlarged = Image.fromarray(best).resize(
        (DETAIL_SIDE_PX, DETAIL_SIDE_PX), Image.Resampling.BICUBIC
    )
    return np.asarray(enlarged)


def _cut(clean: NDArray[np.uint8], middle: tuple[float, float], side: int) -> NDArray[np.uint8]:
    top, left = (
        min(max(round(centre - side / 2), 0), size - side)
        for centre, size in zip(middle, clean.shape[:2], strict=True)
    )
    return clean[top : top + side, left : left + side]
