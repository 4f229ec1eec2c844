"""Scores pictures for the judges, as `rank` would, with and without each branch."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from piqa_cli.models.dn_piqa_mini.network import WHOLE_FEATURES, DnPiqaMini
from piqa_cli.models.dn_piqa_mini.views import mini_views
from piqa_cli.models.view_types import FaceBox, Views
from piqa_cli.train.mini.start import load_model

MODEL = "model"
WITHOUT = ("without the whole picture", "without the face", "without fine detail")


def score_pixels(
    weights: Path | None, pixels: NDArray[np.uint8], face: FaceBox | None
) -> tuple[float, tuple[float, ...]]:
    """The score of (H, W, 3) uint8 pixels, and what each of `FAULTS` costs."""
    model = cached_model(weights)
    with torch.inference_mode():
        output = model(_batch(mini_views(pixels, face)))
    return float(output.scores[0, 0]), tuple(output.extras["faults"][0].tolist())


def score_branches(weights: Path | None, views: Views) -> dict[str, float]:
    """The model's score of one picture, and the score with each branch's features at their mean."""
    model = cached_model(weights)
    with torch.inference_mode():
        batch = _batch(views)
        features, detail = model.features(batch)
        scale = batch["scale"][:, 0, 0]
        whole, face, fine = features.clone(), features.clone(), detail.clone()
        whole[:, :WHOLE_FEATURES] = model.standardise.mean[:WHOLE_FEATURES]
        face[:, WHOLE_FEATURES:] = model.standardise.mean[WHOLE_FEATURES:]
        fine[:] = model.standardise_detail.mean
        inputs = ((features, detail), (whole, detail), (face, detail), (features, fine))
        scores = [float(model.judge(*pair, scale).scores[0, 0]) for pair in inputs]
    return dict(zip((MODEL, *WITHOUT), scores, strict=True))


@cache
def cached_model(weights: Path | None) -> DnPiqaMini:
    """The model of a weights file, or the one that ships; loaded once a process, on one thread."""
    torch.set_num_threads(1)
    return load_model(weights)


def _batch(views: Views) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(view)[None] for name, view in views.items()}
