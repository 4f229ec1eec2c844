"""Judges a model on the frozen test, beside the simple measures that it has to beat."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from piqa_cli.models.mini_views import mini_views
from piqa_cli.models.protocol import Views
from piqa_cli.models.words import Vocabulary
from piqa_cli.train.frozen_test import frozen_scene, held_out_files
from piqa_cli.train.measures import brightness, log_laplacian, within_scene
from piqa_cli.train.options import JudgeRow
from piqa_cli.train.parallel import spread

if TYPE_CHECKING:
    from piqa_cli.models.mini import DnPiqaMini

_MODEL = "dn-piqa-mini"


@dataclass(frozen=True, slots=True)
class _Judged:
    """One capture of the test: what is compared with its label, and the model's inputs."""

    scene: str
    label: float
    simple: dict[str, float]
    views: Views


def judge(
    weights: Path | None, photos: Path, *, workers: int = 1, quiet: bool = False
) -> list[JudgeRow]:
    """Spearman's correlation within scene with the labels of the frozen test.

    Args:
        weights: of dn-piqa-mini (safetensors); None: those that ship.
        photos: folder that holds the frozen test's photographs; in any other folder a fifth of
            its photographs is the test, the same that `train` leaves out.
        workers: processes that render captures and cut views.
        quiet: no progress bar.

    Returns:
        The model first, then log-Laplacian sharpness, brightness and file size.

    Raises:
        PiqaError: no photographs there, or no such weights.
    """
    import torch

    model = load_model(weights)
    files = held_out_files(photos)
    scores: dict[str, list[float]] = {"model": []}
    labels: list[float] = []
    scenes: list[str] = []
    judged = spread(
        partial(_judged_scene, vocabulary=model.vocabulary()),
        list(enumerate(files)),
        workers=workers,
        unit="scene",
        quiet=quiet,
    )
    for one in chain.from_iterable(judged):
        inputs = {name: torch.from_numpy(view)[None] for name, view in one.views.items()}
        with torch.inference_mode():
            scores["model"].append(float(model(inputs).scores.mean()))
        for name, value in one.simple.items():
            scores.setdefault(name, []).append(value)
        labels.append(one.label)
        scenes.append(one.scene)
    return [_row(name, values, labels=labels, scenes=scenes) for name, values in scores.items()]


def load_model(weights: Path | None) -> DnPiqaMini:
    """The small model with the weights of a file, or with those that ship.

    Raises:
        MissingPartError: the file is missing or damaged.
    """
    from piqa_cli.errors import MissingPartError
    from piqa_cli.models.mini import build
    from piqa_cli.weights.load import load_tensors
    from piqa_cli.weights.store import Bundle, find, sha256_of

    if weights is None:
        return build(*load_tensors(find(_MODEL)))
    try:
        bundle = Bundle(_MODEL, weights, sha256_of(weights))
        return build(*load_tensors(bundle))
    except OSError as error:
        raise MissingPartError(f"{weights}: {error.strerror}: name a weights file") from error
    except RuntimeError as error:  # torch: names or shapes don't fit
        raise MissingPartError(f"{weights} holds no weights of {_MODEL}") from error


def _judged_scene(order: tuple[int, Path], vocabulary: Vocabulary) -> list[_Judged]:
    number, file = order
    return [
        _Judged(
            scene=capture.scene,
            label=capture.label,
            simple={
                "log-Laplacian sharpness": log_laplacian(capture.pixels),
                "brightness": brightness(capture.pixels),
                "file size": float(capture.file_bytes),
            },
            views=mini_views(capture.pixels, capture.face, vocabulary),
        )
        for capture in frozen_scene(file, number)
    ]


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
