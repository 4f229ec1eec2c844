"""Prints the result of a training of DN-PIQA or of a model of the challenge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import typer

from piqa_cli.cli.terminal import print_json
from piqa_cli.train.options import TrainingResult


def show_line(line: str) -> None:
    """Says what a training has to tell while it runs; results alone go to stdout."""
    typer.echo(line, err=True)


def print_training(
    result: TrainingResult, *, score_with: Sequence[str], as_json: bool, quiet: bool
) -> None:
    """Prints figures, and the commands that score with the weights."""
    if as_json:
        print_json({**asdict(result), "weights": str(result.weights)})
        return
    if quiet:
        return
    early = ", stopped early" if result.stopped_early else ""
    typer.echo(f"weights          {result.weights}")
    typer.echo(f"SHA-256          {result.sha256}")
    typer.echo(f"best epoch       {result.best_epoch} of {result.epochs}{early}")
    typer.echo(f"validation SRCC  {result.validation_srcc:.3f} within scene, held out")
    if result.test_srcc is not None and result.test_srcc_median is not None:
        typer.echo(
            f"test SRCC        {result.test_srcc:.3f} mean, {result.test_srcc_median:.3f} median "
            "over scenes"
        )
    for command in score_with:
        typer.echo(f"score with       {command}")
