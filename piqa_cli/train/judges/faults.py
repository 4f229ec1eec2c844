"""Judges a model on single faults, step by step, and on natural variety that is no fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from piqa_cli.models.dn_piqa_mini.faults import FAULTS as COSTS
from piqa_cli.models.view_types import FaceBox
from piqa_cli.train.faces import FaceSource, load_with_face
from piqa_cli.train.judges.scoring import score_pixels
from piqa_cli.train.parallel import spread
from piqa_cli.train.photographs import face_boxes, is_portrait
from piqa_cli.train.simulation.camera import Camera, capture
from piqa_cli.train.simulation.frozen_test import held_out_files
from piqa_cli.train.simulation.optics import blur_where, subject_mask
from piqa_cli.train.simulation.sensor import to_display, to_linear
from piqa_cli.train.simulation.severity import label_jod

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
"""Faults that are made worse step by step: a camera's setting, its range, and what goes with it."""

NAMES = {
    "noise": "noise",
    "defocus": "blur",
    "motion": "blur",
    "JPEG": "blocking",
    "darkness": "dark",
    "overexposure": "bright",
    "yellow cast": "cast",
    "blue cast": "cast",
    "green cast": "cast",
    "oversharpening": "halo",
    "smear": "smear",
}
"""The cost that explains each of them."""

NAMED_FROM_JOD = 1.0  # least label-JOD of a fault at which its name must be right


@dataclass(frozen=True, slots=True)
class FaultRow:
    """Result for one fault: share of steps in the right order, and of captures named rightly.

    Attributes:
        fault: see `FAULTS`.
        right: share of neighbours of which the milder one scores higher.
        n_pairs: neighbours, over all photographs.
        named: share of captures with this fault of 1 label-JOD or more whose largest cost, against
            the mean of the photograph's captures, is that of the fault.
        n_named: such captures.
    """

    fault: str
    right: float
    n_pairs: int
    named: float
    n_named: int


@dataclass(frozen=True, slots=True)
class _Probe:
    """One capture: its photograph, what was done to it, its label, score and costs."""

    photo: str
    name: str
    label: float
    score: float
    costs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class VarietyRow:
    """Change of a portrait's score when the picture varies without getting worse.

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
    weights: Path | None,
    photos: Path,
    *,
    faults: Sequence[str] = tuple(FAULTS),
    workers: int = 1,
    quiet: bool = False,
) -> tuple[list[FaultRow], list[VarietyRow]]:
    """Scores each held-out photograph with one fault after another, in steps of 0.5 label-JOD.

    Args:
        weights: of dn-piqa-mini; None: those that ship.
        photos: folder that holds the frozen test's photographs.
        faults: which of `FAULTS`.
        workers: processes that render and score.
        quiet: no progress bar.

    Raises:
        PiqaError: no photographs there, or no such weights.
    """
    boxes = face_boxes(photos)
    orders = [(file, boxes.get(file.name, "find")) for file in held_out_files(photos)]
    work = partial(_probes, weights=weights, faults=faults)
    probes = list(
        chain.from_iterable(spread(work, orders, workers=workers, unit="photo", quiet=quiet))
    )
    series: dict[tuple[str, str], list[float]] = {}
    for probe in probes:
        series.setdefault((probe.name, probe.photo), []).append(probe.score)
    named = _named(probes)
    return (
        [_fault_row(fault, series, named[fault]) for fault in faults],
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


def _probes(
    order: tuple[Path, FaceSource], weights: Path | None, faults: Sequence[str]
) -> list[_Probe]:
    file, box = order
    clean, face = load_with_face(file, box)
    probes = []
    for name, pixels, camera in _pictures(clean, face, faults):
        score, costs = score_pixels(weights, capture(pixels, camera, seed=_SEED)[0], face)
        probes.append(_Probe(file.name, name, label_jod(camera), score, costs))
    return probes


def _named(probes: list[_Probe]) -> dict[str, list[bool]]:
    """Lists, for every fault, of its strong captures: True if the fault is named rightly."""
    named: dict[str, list[bool]] = {fault: [] for fault in FAULTS}
    for photo in {probe.photo for probe in probes}:
        own = [probe for probe in probes if probe.photo == photo and probe.name in FAULTS]
        usual = np.mean([probe.costs for probe in own], axis=0)
        best = max(probe.label for probe in own)
        for probe in own:
            if best - probe.label >= NAMED_FROM_JOD:
                largest = COSTS[int(np.argmax(np.array(probe.costs) - usual))]
                named[probe.name].append(largest == NAMES[probe.name])
    return named


def _pictures(
    clean: Pixels, face: FaceBox | None, faults: Sequence[str]
) -> Iterator[tuple[str, Pixels, Camera]]:
    for fault in faults:
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


def _fault_row(
    fault: str, series: dict[tuple[str, str], list[float]], named: list[bool]
) -> FaultRow:
    right = [
        milder > worse
        for (name, _), scores in series.items()
        if name == fault
        for milder, worse in pairwise(scores)
    ]
    return FaultRow(
        fault,
        float(np.mean(right)),
        len(right),
        float(np.mean(named)) if named else float("nan"),
        len(named),
    )


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
