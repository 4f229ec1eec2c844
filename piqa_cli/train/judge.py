"""Judges a model on the frozen test, beside the simple measures that it has to beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.models.mini_views import mini_views
from piqa_cli.models.protocol import FaceBox, Views
from piqa_cli.models.words import Vocabulary
from piqa_cli.train.frozen_test import FrozenCapture, frozen_scene, held_out_files
from piqa_cli.train.measures import brightness, log_laplacian, sharpest_blocks, within_scene
from piqa_cli.train.options import JudgeRow
from piqa_cli.train.parallel import spread
from piqa_cli.train.photographs import scaled

if TYPE_CHECKING:
    from piqa_cli.models.mini import DnPiqaMini

_MODEL = "dn-piqa-mini"
_REDUCED = 0.6  # after JPEG, as a large capture is: its traces are gone
BRANCHES = {"whole": "the whole picture", "face": "the face", "words": "the words"}


@dataclass(frozen=True, slots=True)
class _Judged:
    """One capture of the test: what is compared with its label, and the model's inputs."""

    scene: str
    label: float
    simple: dict[str, float]
    views: Views
    reduced: Views


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
        The model first; then on pictures reduced to 60 %, and with each branch's figures replaced
        by their means; then log-Laplacian sharpness, sharpest blocks, brightness and file size.

    Raises:
        PiqaError: no photographs there, or no such weights.
    """
    model = load_model(weights)
    files = held_out_files(photos)
    judged = list(
        chain.from_iterable(
            spread(
                partial(_judged_scene, vocabulary=model.vocabulary()),
                list(enumerate(files)),
                workers=workers,
                unit="scene",
                quiet=quiet,
            )
        )
    )
    scores = _model_scores(model, judged)
    for name in judged[0].simple:
        scores[name] = np.array([one.simple[name] for one in judged])
    return [_row(name, values, judged) for name, values in scores.items()]


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


def score_views(
    model: DnPiqaMini, views: Sequence[Views], *, without: str | None = None
) -> NDArray[np.float32]:
    """(n,) scores of the views of n pictures; `without` a branch: its figures are their means."""
    import torch

    from piqa_cli.models.mini import VIEWS, branch_of_figures
    from piqa_cli.train.steps import score_all

    figures = np.stack([np.concatenate([one[name][0] for name in VIEWS]) for one in views])
    shown = torch.from_numpy(figures)
    if without is not None:
        left_out = torch.tensor([branch == without for branch in branch_of_figures()])
        shown[:, left_out] = model.mean[left_out]
    return score_all(model, shown)


def _model_scores(model: DnPiqaMini, judged: list[_Judged]) -> dict[str, NDArray[np.float32]]:
    views = [one.views for one in judged]
    return {
        "model": score_views(model, views),
        "model, pictures reduced to 60 %": score_views(model, [one.reduced for one in judged]),
        **{
            f"model without {name}": score_views(model, views, without=branch)
            for branch, name in BRANCHES.items()
        },
    }


def _judged_scene(order: tuple[int, Path], vocabulary: Vocabulary) -> list[_Judged]:
    number, file = order
    return [_judged(capture, vocabulary) for capture in frozen_scene(file, number)]


def _judged(capture: FrozenCapture, vocabulary: Vocabulary) -> _Judged:
    small, face = _smaller(capture.pixels, capture.face)
    return _Judged(
        scene=capture.scene,
        label=capture.label,
        simple={
            "log-Laplacian sharpness": log_laplacian(capture.pixels),
            "sharpest blocks": sharpest_blocks(capture.pixels),
            "brightness": brightness(capture.pixels),
            "file size": float(capture.file_bytes),
        },
        views=mini_views(capture.pixels, capture.face, vocabulary),
        reduced=mini_views(small, face, vocabulary),
    )


def _smaller(
    pixels: NDArray[np.uint8], face: FaceBox | None
) -> tuple[NDArray[np.uint8], FaceBox | None]:
    height, width = (round(side * _REDUCED) for side in pixels.shape[:2])
    small = Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(small), scaled(face, _REDUCED)


def _row(name: str, scores: NDArray[np.floating], judged: list[_Judged]) -> JudgeRow:
    by_scene = within_scene(
        [float(score) for score in scores],
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
