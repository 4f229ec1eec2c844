"""Trains the full DN-PIQA: prepare, learn from pairs, keep the best by validation, test once."""

from __future__ import annotations

import torch
from tqdm import tqdm

from piqa_cli.errors import PiqaError
from piqa_cli.train.agreement import agreement
from piqa_cli.train.dn_piqa.begin import Run, Show, begin
from piqa_cli.train.dn_piqa.checkpoint import load_checkpoint
from piqa_cli.train.dn_piqa.options import DnPiqaSettings
from piqa_cli.train.dn_piqa.outcome import export, finish, keep
from piqa_cli.train.dn_piqa.pairs import learning_rate
from piqa_cli.train.dn_piqa.steps import train_epoch
from piqa_cli.train.dn_piqa.validate import score_files
from piqa_cli.train.material import Material, hold_out
from piqa_cli.train.options import TrainingResult
from piqa_cli.train.progress import Progress
from piqa_cli.train.sources import read_material
from piqa_cli.train.stop import Stopper
from piqa_cli.train.team import assemble


def train_dn_piqa(
    settings: DnPiqaSettings, *, quiet: bool = False, show: Show = lambda line: None
) -> TrainingResult:
    """Trains the full DN-PIQA and writes its bundle into `settings.out / "weights"`.

    Interrupted anywhere, the same call goes on: prepared pictures are kept, and a checkpoint
    is written after the step in which Ctrl-C came. Started by torchrun, the processes share
    every batch.

    Args:
        settings: material and recipe.
        quiet: show no bars.
        show: takes lines for people, such as the loss of an epoch.

    Raises:
        PiqaError: material, start weights or a picture are unusable.
        KeyboardInterrupt: after Ctrl-C, when the checkpoint is written.
    """
    rated = _read(settings)
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
            leader_shows: Show = show if team.leads else lambda line: None
            run = begin(settings, material, team, quiet=quiet, show=leader_shows)
            progress = Progress()
            if settings.resume:
                progress = load_checkpoint(settings.out, run.learner, identity=run.identity)
            team.wait()  # so that no process writes while another one reads
            _epochs(run, progress, show=leader_shows)
            return finish(run, progress, stopped_early=progress.is_over(settings.patience))


def _read(settings: DnPiqaSettings) -> Material:
    return read_material(
        settings.piq23, settings.captures, attribute=settings.attribute, split=settings.split
    )


def _epochs(run: Run, progress: Progress, *, show: Show) -> None:
    """Makes the epochs that are still to be made."""
    settings, team = run.settings, run.team
    with Stopper(patient=team.size > 1) as stopper:
        while progress.epoch < settings.epochs and not progress.is_over(settings.patience):
            loss = _one_epoch(run, progress, stopper)
            scores = score_files(run.learner.model, run.validation, team)
            mean, median = agreement(scores, run.material.validation)
            rate = learning_rate(settings.learning_rate, progress.epoch + 1)
            progress.close_epoch(loss=loss, mean=mean, median=median, rate=rate)
            if team.leads:
                if progress.best_epoch == progress.epoch:
                    export(run, progress)
                keep(run, progress)
            show(
                f"epoch {progress.epoch}: loss {loss:.4f}, SRCC {mean:.3f} on "
                f"{len(run.validation)} held-out pictures"
            )
            if stopper.asked is not None and team.size == 1:
                stopper.obey()
    team.wait()  # the leader has written the weights


def _one_epoch(run: Run, progress: Progress, stopper: Stopper) -> float:
    settings = run.settings
    steps = -(-len(run.lessons.pairs) // settings.batch)
    bar = tqdm(
        total=steps,
        initial=progress.step,
        unit="step",
        desc=f"epoch {progress.epoch + 1}",
        disable=True if run.quiet or not run.team.leads else None,
    )

    def after_step(stop: bool) -> None:
        bar.update()
        is_due = progress.step % settings.checkpoint_steps == 0 and progress.step < steps
        if run.team.leads and (stop or is_due):
            keep(run, progress)
        if stop:
            run.team.wait()  # until the leader's checkpoint is written
            stopper.obey()

    with bar:
        return train_epoch(
            run.learner,
            run.lessons,
            progress,
            settings=settings,
            team=run.team,
            half=run.half,
            after_step=after_step,
            stopping=lambda: stopper.asked is not None,
        )
