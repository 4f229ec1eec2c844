"""Judges a model on the frozen test, beside the simple measures that it has to beat."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from piqa_cli.train.frozen_test import FrozenCapture, frozen_captures
from piqa_cli.train.measures import brightness, log_laplacian, within_scene
from piqa_cli.train.options import JudgeRow

if TYPE_CHECKING:
    pass

Measure = Callable[[FrozenCapture], float]

SIMPLE_MEASURES: dict[str, Measure] = {
    "log-Laplacian sharpness": lambda capture: log_laplacian(capture.pixels),
    "brightness": lambda capture: brightness(capture.pixels),
    "file size": lambda capture: float(capture.file_bytes),
}


def judge_simple(photos: Path, *, quiet: bool = True) -> list[JudgeRow]:
    """The simple measures alone on the frozen test.

    Args:
        photos: folder of clean photographs, with those of the frozen test.
        quiet: no progress bar.

    Raises:
        PiqaError: no photographs there.
    """
    return judge_measures(SIMPLE_MEASURES, photos, quiet=quiet)


def judge_measures(
    measures: dict[str, Measure], photos: Path, *, quiet: bool = True
) -> list[JudgeRow]:
    """Spearman's correlation within scene of any measures with the labels of the frozen test.

    Returns:
        One row a measure, in the order given.

    Raises:
        PiqaError: no photographs there.
    """
    from tqdm import tqdm

    values: dict[str, list[float]] = {name: [] for name in measures}
    labels: list[float] = []
    scenes: list[str] = []
    bar = tqdm(frozen_captures(photos), unit="capture", disable=True if quiet else None)
    for capture in bar:
        labels.append(capture.label)
        scenes.append(capture.scene)
        for name, measure in measures.items():
            values[name].append(measure(capture))
    return [_row(name, values[name], labels=labels, scenes=scenes) for name in measures]


def _row(name: str, scores: list[float], *, labels: list[float], scenes: list[str]) -> JudgeRow:
    by_scene = within_scene(scores, labels, scenes=scenes)
    figures = np.array(list(by_scene.values()))
    return JudgeRow(
        measure=name,
        srcc=float(figures.mean()),
        worst_scene_srcc=float(figures.min()),
        n_scenes=len(by_scene),
        n_captures=len(labels),
    )
