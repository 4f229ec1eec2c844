"""Writes what a run leaves: checkpoint, logs, the best weights, and the test set's figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from piqa_cli.errors import PiqaError
from piqa_cli.models.catalogue import spec_of
from piqa_cli.train.agreement import agreement
from piqa_cli.train.array_file import read_arrays
from piqa_cli.train.logs import write_logs, write_table
from piqa_cli.train.options import TrainingResult
from piqa_cli.train.progress import Progress
from piqa_cli.train.zoo.begin import Run
from piqa_cli.train.zoo.learner import save_learner
from piqa_cli.weights.load import load_tensors
from piqa_cli.weights.save import save_bundle
from piqa_cli.weights.store import Bundle, sha256_of


def score_files(
    model: nn.Module, files: Sequence[Path], device: torch.device
) -> NDArray[np.float64]:
    """(pictures,) scores of prepared views in float32 products, as `rank` gives them."""
    model.eval()
    scores = []
    with torch.inference_mode():
        for file in files:
            views = {
                name: torch.from_numpy(array)[None].to(device)
                for name, array in read_arrays(file, ()).items()
            }
            scores.append(model(views).scores[0].double().cpu().mean().item())
    return np.array(scores)


def keep(run: Run, progress: Progress) -> None:
    """Writes the logs and the checkpoint."""
    if progress.log:
        write_logs(run.settings.out, progress.log)
    save_learner(run.settings.out, run.learner, progress, identity=run.identity)


def export(run: Run, progress: Progress) -> None:
    """Writes the network as a bundle that `rank` scores with, into the work folder."""
    settings, spec = run.settings, spec_of(run.settings.model)
    trained_on = (
        f"PIQ23 {settings.attribute}, {settings.split} split"
        if settings.piq23
        else "a lab's own ratings"
    )
    metadata = {
        **run.teaching.metadata(),
        "format": run.teaching.format,
        "preprocessing": spec.preprocessing,
        "sizes": json.dumps(run.teaching.sizes, sort_keys=True),
        "scenes": json.dumps(run.classes),
        "recipe": json.dumps(asdict(settings.recipe), sort_keys=True),
        "trained_on": trained_on,
        "pictures": str(len(run.material.training)),
        "epoch": str(progress.epoch),
        "validation_srcc": f"{progress.best_srcc:.4f}",
        "seed": str(settings.seed),
    }
    state = {
        name: tensor.detach().cpu().contiguous()
        for name, tensor in run.learner.judged.state_dict().items()
    }
    save_bundle(state, metadata, model=spec.name, folder=settings.out, sources=run.sources)


def finish(run: Run, progress: Progress) -> TrainingResult:
    """Looks at the test set once, with the best weights, and sums up.

    Raises:
        PiqaError: the weights that an earlier call wrote are gone or were changed.
    """
    weights = run.settings.out / f"{run.settings.model}.safetensors"
    if not weights.is_file():
        raise PiqaError(f"{weights} is gone: train afresh with --restart")
    bundle = Bundle(run.settings.model, weights, sha256_of(weights))
    mean, median = _test(run, bundle) if run.material.test else (None, None)
    return TrainingResult(
        weights=weights,
        sha256=bundle.sha256,
        epochs=progress.epoch,
        best_epoch=progress.best_epoch,
        validation_srcc=progress.best_srcc,
        loss=progress.log[-1]["loss"],
        test_srcc=mean,
        test_srcc_median=median,
        stopped_early=progress.is_over(run.settings.recipe.patience),
    )


def _test(run: Run, bundle: Bundle) -> tuple[float, float]:
    """Scores the test set with the best weights into `test.csv`, which `evaluate` reads."""
    model, test = run.learner.model, run.material.test
    model.load_state_dict(load_tensors(bundle)[0])
    scores = score_files(model, run.views(test), run.team.device)
    rows = [
        (rated.capture.path, rated.capture.scene, float(score), rated.jod)
        for rated, score in zip(test, scores, strict=True)
    ]
    write_table(run.settings.out / "test.csv", ("path", "scene", "score", "jod"), rows)
    return agreement(scores, test)
