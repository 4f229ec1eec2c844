"""Judges a model on single faults, step by step, and on natural variety that is no fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from piqa_cli.models.mini_views import mini_views
from piqa_cli.models.protocol import FaceBox, Views
from piqa_cli.models.words import Vocabulary
from piqa_cli.train.camera import Camera, capture, label_jod
from piqa_cli.train.frozen_test import held_out_files
from piqa_cli.train.judge import load_model, score_views
from piqa_cli.train.optics import blur_where, subject_mask
from piqa_cli.train.parallel import spread
from piqa_cli.train.photographs import face_boxes, is_portrait, load_clean
from piqa_cli.train.sensor import to_display, to_linear

Pixels = NDArray[np.uint8]

STEP_JOD = 0.5
_BASE = Camera(iso=80, sharpening=0.3)
_FINE = 400  # strengths tried on the way to a step
_SEED = 77
FAULTS: dict[str, tuple[str, tuple[float, float], dict[str, float]]] = {
    "noise": ("iso", (80, 12800), {}),
    "defocus": ("defocus_px", (0, 9), {}),
    "motion": ("motion_px", (0, 45), {"motion_deg": 30.0}),
    "JPEG": ("jpeg_quality", (95, 10), {}),
    "darkness": ("exposure_ev", (0, -3), {}),
    "overexposure": ("exposure_ev", (0, 2), {}),
    "yellow cast": ("warmth", (0, 1), {}),
    "blue cast": ("warmth", (0, -1), {}),
    "green cast": ("tint", (0, 0.3), {}),
    "oversharpening": ("sharpening", (0.3, 4), {"halo_px": 1.3}),
    "smear": ("smear", (0, 1), {}),
}
"""What is made worse: a setting of the camera, from and to, and what goes with it."""


@dataclass(frozen=True, slots=True)
class FaultRow:
    """How well neighbouring steps of one fault are told apart.

    Attributes:
        fault: see `FAULTS`.
        right: share of neighbours of which the milder one scores higher.
        n_pairs: neighbours, over all photographs.
    """

    fault: str
    right: float
    n_pairs: int


@dataclass(frozen=True, slots=True)
class VarietyRow:
    """What a portrait's score does when the picture varies without getting worse.

    Attributes:
        variety: `bokeh`, `low key` or `studio`.
        mean_change: of the score, against the photograph as it is.
        worst_change: of the most punished tenth.
        n_portraits: photographs with a face near enough.
    """

    variety: str
    mean_change: float
    worst_change: float
    n_portraits: int


def judge_faults(
    weights: Path | None, photos: Path, *, workers: int = 1, quiet: bool = False
) -> tuple[list[FaultRow], list[VarietyRow]]:
    """Scores each held-out photograph with one fault after another, in steps of 0.5 label-JOD.

    Args:
        weights: of dn-piqa-mini; None: those that ship.
        photos: folder that holds the frozen test's photographs.
        workers: processes that render captures and cut views.
        quiet: no progress bar.

    Raises:
        PiqaError: no photographs there, or no such weights.
    """
    model = load_model(weights)
    boxes = face_boxes(photos)
    orders = [(file, boxes.get(file.name)) for file in held_out_files(photos)]
    work = partial(_probe, vocabulary=model.vocabulary())
    probes = list(
        chain.from_iterable(spread(work, orders, workers=workers, unit="photo", quiet=quiet))
    )
    scores = score_views(model, [views for _, _, views in probes])
    series: dict[tuple[str, str], list[float]] = {}
    for (photo, name, _), score in zip(probes, scores, strict=True):
        series.setdefault((name, photo), []).append(float(score))
    return (
        [_fault_row(fault, series) for fault in FAULTS],
        [_variety_row(variety, series) for variety in VARIETIES],
    )


def grades(fault: str) -> list[Camera]:
    """Cameras with one fault, each at least half a label-JOD worse than the one before."""
    setting, (start, end), extra = FAULTS[fault]
    found: list[Camera] = []
    for value in np.linspace(0, 1, _FINE) ** 2 * (end - start) + start:
        strength = round(float(value)) if setting == "jpeg_quality" else float(value)
        camera = replace(_BASE, **{setting: strength}, **extra)  # type: ignore[arg-type]
        if not found or label_jod(found[-1]) - label_jod(camera) >= STEP_JOD:
            found.append(camera)
    return found


def _probe(
    order: tuple[Path, FaceBox | None], vocabulary: Vocabulary
) -> list[tuple[str, str, Views]]:
    file, face = order
    clean = load_clean(file)
    return [
        (file.name, name, mini_views(capture(pixels, camera, seed=_SEED)[0], face, vocabulary))
        for name, pixels, camera in _pictures(clean, face)
    ]


def _pictures(clean: Pixels, face: FaceBox | None) -> Iterator[tuple[str, Pixels, Camera]]:
    for fault in FAULTS:
        for camera in grades(fault):
            yield fault, clean, camera
    if is_portrait(face, clean.shape):
        yield "as it is", clean, _BASE
        linear, mask = to_linear(clean), subject_mask(clean.shape[:2], face)
        for variety, vary in VARIETIES.items():
            varied = to_display(vary(linear, mask).astype(np.float32))
            yield variety, (varied * 255 + 0.5).astype(np.uint8), _BASE


Plane = NDArray[np.float32]


def _bokeh(linear: Plane, mask: Plane) -> Plane:
    return blur_where(linear, 5.0, weight=1 - mask)


def _low_key(linear: Plane, mask: Plane) -> Plane:
    return linear * (1 - 0.85 * (1 - mask[..., None]))


def _studio(linear: Plane, mask: Plane) -> Plane:
    return linear * mask[..., None] + np.float32(0.35) * (1 - mask[..., None])


VARIETIES: dict[str, Callable[[Plane, Plane], Plane]] = {
    "bokeh": _bokeh,
    "low key": _low_key,
    "studio": _studio,
}
"""The background blurred, three stops darker, or plain grey without grain; the subject as it is."""


def _fault_row(fault: str, series: dict[tuple[str, str], list[float]]) -> FaultRow:
    right = [
        milder > worse
        for (name, _), scores in series.items()
        if name == fault
        for milder, worse in pairwise(scores)
    ]
    return FaultRow(fault, float(np.mean(right)), len(right))


def _variety_row(variety: str, series: dict[tuple[str, str], list[float]]) -> VarietyRow:
    changes = [
        scores[0] - series["as it is", photo][0]
        for (name, photo), scores in series.items()
        if name == variety
    ]
    if not changes:
        return VarietyRow(variety, float("nan"), float("nan"), 0)
    mean, worst = float(np.mean(changes)), float(np.percentile(changes, 10))
    return VarietyRow(variety, mean, worst, len(changes))
