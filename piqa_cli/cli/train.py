"""`piqa-cli train`: makes and judges the small model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from piqa_cli.cli import options
from piqa_cli.cli.screen import print_json, print_table
from piqa_cli.errors import UsageError
from piqa_cli.train.options import DEFAULT_EPOCHS

app = typer.Typer(no_args_is_help=True, help="Train dn-piqa-mini and judge it on the frozen test.")

_DEFAULT_OUT = Path("train-run")


@app.command()
def run(
    photos: Annotated[
        Path | None,
        typer.Option(help="Folder of clean photographs; each becomes a simulated scene."),
    ] = None,
    captures: Annotated[
        Path | None,
        typer.Option(help="CSV of your own captures: path, scene, label (JOD, higher is better)."),
    ] = None,
    opinions: Annotated[
        Path | None,
        typer.Option(help="CSV of rated photographs (file, mos, mos_std), mixed into each batch."),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Work folder: captures, checkpoint, log, weights.")
    ] = _DEFAULT_OUT,
    epochs: Annotated[
        int, typer.Option(min=1, help="Passes over the training set.")
    ] = DEFAULT_EPOCHS,
    seed: Annotated[int, typer.Option(min=0, help="Of simulation, pairs and weights.")] = 0,
    workers: Annotated[int, typer.Option(min=1, help="Processes that simulate.")] = 1,
    batch: Annotated[int, typer.Option(min=2, help="Captures in one step.")] = 64,
    resume: Annotated[
        bool, typer.Option("--resume/--restart", help="Go on from the checkpoint in the folder.")
    ] = True,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Train dn-piqa-mini with the fidelity loss on pairs of captures of one scene."""
    if photos is None and captures is None:
        raise UsageError("name --photos FOLDER, --captures FILE, or both")
    from dataclasses import asdict

    from piqa_cli.train.options import TrainSettings
    from piqa_cli.train.run import train

    settings = TrainSettings(
        out=out,
        photos=photos,
        captures=captures,
        opinions=opinions,
        epochs=epochs,
        seed=seed,
        workers=workers,
        batch=batch,
        resume=resume,
    )
    result = train(settings, quiet=quiet or as_json)
    if as_json:
        print_json({**asdict(result), "weights": str(result.weights)})
    elif not quiet:
        typer.echo(f"weights          {result.weights}")
        typer.echo(f"SHA-256          {result.sha256}")
        typer.echo(f"best epoch       {result.best_epoch} of {result.epochs}")
        typer.echo(f"validation SRCC  {result.validation_srcc:.3f} within scene")
        typer.echo(f"label-JOD/unit   {result.slope:.2f}")


@app.command()
def judge(
    photos: Annotated[
        Path,
        typer.Argument(metavar="PHOTOS", help="Folder that holds the frozen test's photographs."),
    ],
    weights: Annotated[
        Path | None, typer.Option(help="Weights to judge; by default those that ship.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that simulate.")] = 1,
    as_json: options.AsJson = False,
) -> None:
    """Measure a model on the frozen simulated test, beside three simple measures."""
    from dataclasses import asdict

    from piqa_cli.train.judge import judge as measure

    rows = measure(weights, photos, workers=workers)
    if as_json:
        print_json({"rows": [asdict(row) for row in rows]})
        return
    print_table(
        ("measure", "SRCC", "worst scene", "scenes", "captures"),
        [
            (
                row.measure,
                f"{row.srcc:.3f}",
                f"{row.worst_scene_srcc:.3f}",
                str(row.n_scenes),
                str(row.n_captures),
            )
            for row in rows
        ],
    )
