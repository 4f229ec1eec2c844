"""Judges weights on fine detail: two phones that differ only in what 512 px don't show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.models.dn_piqa_mini.views import DETAIL_SCALE_PX
from piqa_cli.train.faces import FaceSource, face_in
from piqa_cli.train.judges.scoring import score_pixels
from piqa_cli.train.parallel import spread
from piqa_cli.train.photographs import face_boxes, list_photographs, read_photograph
from piqa_cli.train.simulation.camera import REFERENCE_SIDE_PX, Camera, capture
from piqa_cli.train.simulation.frozen_test import moved_face

Pixels = NDArray[np.uint8]

_PHONE = Camera(iso=80, sharpening=0.2, halo_px=0.5, grain_px=0.4, jpeg_quality=95, reframe=0.02)
WORSE: dict[str, Camera] = {
    "texture smear": replace(_PHONE, smear=0.15),
    "fine noise": replace(_PHONE, iso=1600),
    "halos": replace(_PHONE, sharpening=2.0),
    "slight focus error": replace(_PHONE, defocus_px=0.4),
}
"""The other phone; lengths at 512 px: a disc of 0.4 px there has a radius of 1 px at 1350 px."""

ENLARGED = "enlarged from 512 px"


@dataclass(frozen=True, slots=True)
class DetailRow:
    """Result for one fault of fine detail: how often the better of two phones scores higher.

    Attributes:
        fault: of the worse phone; or `ENLARGED`.
        right: share of photographs.
        mean_gap: in score units.
        seen_at_512: mean difference of the two pictures, reduced to 512 px, of 255.
        n_photos: photographs.
    """

    fault: str
    right: float
    mean_gap: float
    seen_at_512: float
    n_photos: int


@dataclass(frozen=True, slots=True)
class _Gap:
    """Better minus worse score of one photograph, and difference of their pixels at 512 px."""

    fault: str
    score: float
    seen: float


def judge_detail(
    weights: Path | None, photos: Path, *, workers: int = 1, quiet: bool = False
) -> list[DetailRow]:
    """Renders each full-size photograph as two phones take it, framed apart, and scores both.

    Args:
        weights: of dn-piqa-mini; None: those that ship.
        photos: folder of photographs whose shorter side has 1350 px or more.
        workers: processes.
        quiet: no progress bar.

    Raises:
        PiqaError: no photographs there.
    """
    boxes = face_boxes(photos)
    orders = [(file, boxes.get(file.name, "find")) for file in list_photographs(photos)]
    work = partial(_gaps, weights=weights)
    found = [
        gap
        for gaps in spread(work, orders, workers=workers, unit="photo", quiet=quiet)
        for gap in gaps
    ]
    return [
        _row(fault, [gap for gap in found if gap.fault == fault]) for fault in (*WORSE, ENLARGED)
    ]


def _gaps(order: tuple[Path, FaceSource], weights: Path | None) -> list[_Gap]:
    file, box = order
    pixels = read_photograph(file)
    clean = _reduced(pixels, DETAIL_SCALE_PX)
    face = face_in(clean, box, factor=clean.shape[1] / pixels.shape[1])
    moved = moved_face(face, _PHONE.reframe, clean.shape[:2])
    good = capture(clean, _PHONE, seed=1)[0]
    best = score_pixels(weights, good, moved)[0]
    seen = _seen_at_512(clean)
    return [
        _Gap(fault, best - score_pixels(weights, worse, moved)[0], seen.get(fault, 0.0))
        for fault, worse in _worse(clean, good)
    ]


def _worse(clean: Pixels, good: Pixels) -> Iterator[tuple[str, Pixels]]:
    for fault, camera in WORSE.items():
        yield fault, capture(clean, camera, seed=2)[0]
    height, width = good.shape[:2]
    small = Image.fromarray(_reduced(good, REFERENCE_SIDE_PX))
    yield ENLARGED, np.asarray(small.resize((width, height), Image.Resampling.BICUBIC))


def _seen_at_512(clean: Pixels) -> dict[str, float]:
    """Mean difference (0..255) of both phones' pictures at 512 px, framed alike."""
    small = {
        fault: _reduced(capture(clean, replace(camera, reframe=0.0), seed=1)[0], REFERENCE_SIDE_PX)
        for fault, camera in {"": _PHONE, **WORSE}.items()
    }
    good = small.pop("").astype(np.float64)
    return {fault: float(np.abs(worse - good).mean()) for fault, worse in small.items()}


def _reduced(pixels: Pixels, side: int) -> Pixels:
    """Reduced to a shorter side; a smaller picture stays as it is."""
    factor = side / min(pixels.shape[:2])
    if factor >= 1:
        return pixels
    height, width = (round(length * factor) for length in pixels.shape[:2])
    return np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC))


def _row(fault: str, gaps: list[_Gap]) -> DetailRow:
    return DetailRow(
        fault=fault,
        right=float(np.mean([gap.score > 0 for gap in gaps])),
        mean_gap=float(np.mean([gap.score for gap in gaps])),
        seen_at_512=float(np.mean([gap.seen for gap in gaps])),
        n_photos=len(gaps),
    )
