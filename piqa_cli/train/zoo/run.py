"""Trains a model of the challenge: prepare, learn, keep the best by validation, test once."""

from __future__ import annotations

import os

import torch
from tqdm import tqdm

from piqa_cli.errors import PiqaError, UsageError
from piqa_cli.train.agreement import agreement
from piqa_cli.train.material import hold_out
from piqa_cli.train.options import TrainingResult
from piqa_cli.train.progress import Progress
from piqa_cli.train.sources import read_material
from piqa_cli.train.stop import Stopper
from piqa_cli.train.team import assemble
from piqa_cli.train.zoo.begin import Run, Show, begin
from piqa_cli.train.zoo.learner import load_learner
from piqa_cli.train.zoo.options import ZooSettings
from piqa_cli.train.zoo.outcome import export, finish, keep, score_files
from piqa_cli.train.zoo.schedule import rates_at
from piqa_cli.train.zoo.steps import batches_of, train_epoch


def train_model(
    settings: ZooSettings, *, quiet: bool = False, show: Show = lambda line: None
) -> TrainingResult:
    """Trains a model and writes its bundle into `settings.out`.

    Interrupted anywhere, the same call goes on: prepared pictures are kept, and a checkpoint is
    written after the step in which Ctrl-C came.

    Args:
        settings: material and recipe.
        quiet: show no bars.
        show: takes lines for people, such as the loss of an epoch.

    Raises:
        PiqaError: material, backbone or a picture are unusable.
        UsageError: several processes were started.
        KeyboardInterrupt: after Ctrl-C, when the checkpoint is written.
    """
    if os.environ.get("WORLD_SIZE", "1") != "1":
        raise UsageError("`train model` runs in one process: start it without torchrun")
    rated = read_material(
        settings.piq23, settings.captures, attribute=settings.attribute, split=settings.split
    )
    for line in rated.warnings:
        show(line)
    material = hold_out(rated, settings.validation_share)
    try:
        settings.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PiqaError(f"{settings.out} can't be made: {error.strerror or error}") from None
    with assemble(settings.compute) as team:
        gpus = [team.device] if team.device.type == "cuda" else []
        with torch.random.fork_rng(devices=gpus):
            run = begin(settings, material, team, quiet=quiet, show=show)
            progress = Progress()
            if settings.resume:
                progress = load_learner(settings.out, run.learner, identity=run.identity)
            _epochs(run, progress, show=show)
            return finish(run, progress)


def _epochs(run: Run, progress: Progress, *, show: Show) -> None:
    """Makes the epochs that are still to be made."""
    recipe, device = run.settings.recipe, run.team.device
    with Stopper() as stopper:
        while progress.epoch < recipe.epochs and not progress.is_over(recipe.patience):
            loss = _one_epoch(run, progress, stopper)
            scores = score_files(run.learner.judged, run.validation, device)
            mean, median = agreement(scores, run.material.validation)
            rate = rates_at(recipe, progress.epoch + 0.5)[1]
            progress.close_epoch(loss=loss, mean=mean, median=median, rate=rate)
            if progress.best_epoch == progress.epoch:
                export(run, progress)
            keep(run, progress)
            show(
                f"epoch {progress.epoch}: loss {loss:.4f}, SRCC {mean:.3f} on "
                f"{len(run.validation)} held-out pictures"
            )
            if stopper.asked is not None:
                stopper.obey()


def _one_epoch(run: Run, progress: Progress, stopper: Stopper) -> float:
    steps = len(batches_of(run.lessons, progress.epoch + 1))
    bar = tqdm(
        total=steps,
        initial=progress.step,
        unit="step",
        desc=f"epoch {progress.epoch + 1}",
        disable=True if run.quiet else None,
    )

    def after_step() -> None:
        bar.update()
        is_due = progress.step % run.settings.checkpoint_steps == 0 and progress.step < steps
        if stopper.asked is not None or is_due:
            keep(run, progress)
        if stopper.asked is not None:
            stopper.obey()

    with bar:
        return train_epoch(
            run.learner,
            run.lessons,
            progress,
            device=run.team.device,
            half=run.half,
            after_step=after_step,
        )
