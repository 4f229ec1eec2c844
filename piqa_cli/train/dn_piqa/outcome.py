"""Writes what a run leaves: checkpoint, logs, the best weights, and the test set's figures."""

from __future__ import annotations

import json

from piqa_cli.errors import PiqaError
from piqa_cli.models.blocks.liqe.prompts import LABELS
from piqa_cli.models.dn_piqa.network import BUNDLE_FORMAT
from piqa_cli.train.agreement import agreement
from piqa_cli.train.dn_piqa.begin import Run
from piqa_cli.train.dn_piqa.checkpoint import save_checkpoint
from piqa_cli.train.dn_piqa.validate import score_files
from piqa_cli.train.logs import write_logs, write_table
from piqa_cli.train.options import TrainingResult
from piqa_cli.train.progress import Progress
from piqa_cli.weights.load import load_tensors
from piqa_cli.weights.save import save_bundle
from piqa_cli.weights.store import Bundle, sha256_of

MODEL = "dn-piqa"


def keep(run: Run, progress: Progress) -> None:
    """Writes the logs and the checkpoint."""
    if progress.log:
        write_logs(run.settings.out, progress.log)
    save_checkpoint(run.settings.out, run.learner, progress=progress, identity=run.identity)


def export(run: Run, progress: Progress) -> None:
    """Writes the network as a bundle that `rank -m dn-piqa` scores with."""
    settings = run.settings
    trained_on = (
        f"PIQ23 {settings.attribute}, {settings.split} split"
        if settings.piq23
        else "a lab's own ratings"
    )
    metadata = {
        "format": BUNDLE_FORMAT,
        "sizes": json.dumps(run.start.sizes, sort_keys=True),
        "labels": json.dumps(LABELS),
        "trained_on": trained_on,
        "pictures": str(len(run.material.training)),
        "epoch": str(progress.epoch),
        "validation_srcc": f"{progress.best_srcc:.4f}",
        "seed": str(settings.seed),
    }
    state = {
        name: tensor.detach().cpu().contiguous()
        for name, tensor in run.learner.model.state_dict().items()
    }
    save_bundle(
        state,
        metadata,
        model=MODEL,
        folder=settings.out / "weights",
        sources=run.start.sources,
    )


def finish(run: Run, progress: Progress, *, stopped_early: bool) -> TrainingResult:
    """Looks at the test set once, with the best weights, and sums up.

    Raises:
        PiqaError: the weights that an earlier call wrote are gone or were changed.
    """
    weights = run.settings.out / "weights" / f"{MODEL}.safetensors"
    if not weights.is_file():
        raise PiqaError(f"{weights} is gone: train afresh with --restart")
    digest = sha256_of(weights)
    mean, median = _test(run, Bundle(MODEL, weights, digest)) if run.material.test else (None, None)
    return TrainingResult(
        weights=weights,
        sha256=digest,
        epochs=progress.epoch,
        best_epoch=progress.best_epoch,
        validation_srcc=progress.best_srcc,
        loss=progress.log[-1]["loss"],
        test_srcc=mean,
        test_srcc_median=median,
        stopped_early=stopped_early,
    )


def _test(run: Run, bundle: Bundle) -> tuple[float, float]:
    """Scores the test set with the best weights into `test.csv`, which `evaluate` reads."""
    model, test = run.learner.model, run.material.test
    model.load_state_dict(load_tensors(bundle)[0])
    scores = score_files(model, run.prepared(test), run.team)
    if run.team.leads:
        rows = [
            (rated.capture.path, rated.capture.scene, float(score), rated.jod)
            for rated, score in zip(test, scores, strict=True)
        ]
        write_table(run.settings.out / "test.csv", ("path", "scene", "score", "jod"), rows)
    return agreement(scores, test)
