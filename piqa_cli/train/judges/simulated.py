"""Judges a model on the frozen test, beside the simple measures that it has to beat."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.models.dn_piqa_mini.views import mini_views
from piqa_cli.models.view_types import FaceBox
from piqa_cli.train.judges.scoring import MODEL, score_branches
from piqa_cli.train.measures import brightness, log_laplacian, sharpest_blocks, within_scene
from piqa_cli.train.options import JudgeRow
from piqa_cli.train.parallel import spread
from piqa_cli.train.photographs import scaled
from piqa_cli.train.simulation.frozen_test import FrozenCapture, frozen_scene, held_out_files

_REDUCED = 0.6  # factor of reduction after JPEG, as for a large capture; removes JPEG's traces


@dataclass(frozen=True, slots=True)
class _Judged:
    """One capture of the test: its label, and the output of every measure."""

    scene: str
    label: float
    scores: dict[str, float]


def judge_simulated(
    weights: Path | None, photos: Path, *, workers: int = 1, quiet: bool = False
) -> list[JudgeRow]:
    """Spearman's correlation within scene with the labels of the frozen test.

    Args:
        weights: of dn-piqa-mini (safetensors); None: those that ship.
        photos: folder that holds the frozen test's photographs; in any other folder a fifth of
            its photographs is the test, the same that `train` leaves out.
        workers: processes that render and score.
        quiet: no progress bar.

    Returns:
        The model first; then with each branch's features at their mean, and on pictures reduced to
        60 %; then log-Laplacian sharpness, sharpest blocks, brightness and file size.

    Raises:
        PiqaError: no photographs there, or no such weights.
    """
    orders = list(enumerate(held_out_files(photos)))
    work = partial(_judged_scene, weights=weights)
    judged = list(
        chain.from_iterable(spread(work, orders, workers=workers, unit="scene", quiet=quiet))
    )
    return [_row(name, judged) for name in judged[0].scores]


def _judged_scene(order: tuple[int, Path], weights: Path | None) -> list[_Judged]:
    number, file = order
    return [_judged(capture, weights) for capture in frozen_scene(file, number)]


def _judged(capture: FrozenCapture, weights: Path | None) -> _Judged:
    scores = score_branches(weights, mini_views(capture.pixels, capture.face))
    reduced = score_branches(weights, mini_views(*_smaller(capture.pixels, capture.face)))
    return _Judged(
        scene=capture.scene,
        label=capture.label,
        scores={
            **scores,
            f"{MODEL}, pictures reduced to 60 %": reduced[MODEL],
            "log-Laplacian sharpness": log_laplacian(capture.pixels),
            "sharpest blocks": sharpest_blocks(capture.pixels),
            "brightness": brightness(capture.pixels),
            "file size": float(capture.file_bytes),
        },
    )


def _smaller(
    pixels: NDArray[np.uint8], face: FaceBox | None
) -> tuple[NDArray[np.uint8], FaceBox | None]:
    height, width = (round(side * _REDUCED) for side in pixels.shape[:2])
    small = Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(small), scaled(face, _REDUCED)


def _row(name: str, judged: list[_Judged]) -> JudgeRow:
    by_scene = within_scene(
        [one.scores[name] for one in judged],
        [one.label for one in judged],
        scenes=[one.scene for one in judged],
    )
    figures = np.array(list(by_scene.values()))
    return JudgeRow(
        measure=name,
        srcc=float(figures.mean()),
        worst_scene_srcc=float(figures.min()),
        n_scenes=len(by_scene),
        n_captures=len(judged),
    )
