"""A contact sheet of the simulated camera: every fault alone, from weak to strong, to look at."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from piqa_cli.train.photographs import load_clean
from piqa_cli.train.simulation.camera import capture
from piqa_cli.train.simulation.devices import STRENGTHS, Strength, camera_of
from piqa_cli.train.simulation.severity import label_jod

STEPS = 5
FAULTS = tuple(fault for fault in STRENGTHS if fault != "halo_px")  # halo_px is no fault by itself
_HALO_PX = 1.4
_TILE_PX, _CAPTION_PX, _GAP_PX = 256, 34, 8
_PAPER, _INK = (250, 250, 250), (20, 24, 28)


def contact_sheet(photograph: Path, *, seed: int = 0) -> bytes:
    """Draws all faults of the camera on one photograph: a row a fault, weakest on the left.

    Args:
        photograph: a clean picture.
        seed: of noise.

    Returns:
        A PNG. Every tile is a square at the capture's own pixels around the middle, with the
        strength and what it costs in label-JOD.

    Raises:
        PiqaError: the photograph can't be read.
    """
    clean = load_clean(photograph)
    cell = (_TILE_PX + _GAP_PX, _TILE_PX + _CAPTION_PX)
    sheet = Image.new("RGB", (STEPS * cell[0] + _GAP_PX, len(FAULTS) * cell[1]), _PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for row, fault in enumerate(FAULTS):
        for column, value in enumerate(_steps(STRENGTHS[fault])):
            strengths = {"halo_px": _HALO_PX, fault: value}
            camera = camera_of(strengths, np.random.default_rng(seed), reframe=0.0)
            pixels, _ = capture(clean, camera, seed=seed)
            corner = (_GAP_PX + column * cell[0], row * cell[1] + _CAPTION_PX - _GAP_PX)
            sheet.paste(Image.fromarray(_middle(pixels)), corner)
            caption = f"{fault} {value:.3g}   {label_jod(camera):.2f} JOD"
            draw.text((corner[0], corner[1] - 18), caption, _INK, font)
    stream = io.BytesIO()
    sheet.save(stream, "PNG")
    return stream.getvalue()


def _steps(strength: Strength) -> list[float]:
    """Strengths from the weakest to the strongest, even as the fault is drawn."""
    if strength.logarithmic:
        values = np.geomspace(strength.low, strength.high, STEPS)
    else:
        values = np.linspace(strength.low, strength.high, STEPS)
    return [float(v) for v in (values[::-1] if strength.weak_at_high else values)]


def _middle(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    side = min(height, width, _TILE_PX)
    top, left = (height - side) // 2, (width - side) // 2
    return np.ascontiguousarray(pixels[top : top + side, left : left + side])
