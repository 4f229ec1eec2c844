"""`piqa-cli train`: makes and judges the small model, and trains the full DN-PIQA."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from piqa_cli.cli import options, train_options
from piqa_cli.cli.terminal import print_json
from piqa_cli.cli.train_lines import print_training, show_line
from piqa_cli.errors import UsageError
from piqa_cli.train.dn_piqa.options import DnPiqaSettings, StartFrom
from piqa_cli.train.options import DEFAULT_RATE, DEFAULT_STEPS

app = typer.Typer(
    no_args_is_help=True,
    help="Train dn-piqa-mini, the full dn-piqa or a model of the challenge; judge dn-piqa-mini.",
)

_DEFAULT_OUT = Path("train-run")
_DEFAULT_DN_PIQA_OUT = Path("dn-piqa-run")


@app.command()
def run(
    captures: Annotated[
        list[Path] | None,
        typer.Option(
            help="CSV of rated captures: path, jod (or mos), optional scene, face box, fold. "
            "Give it several times for several sets; ratings of two sets are never compared."
        ),
    ] = None,
    photos: Annotated[
        Path | None,
        typer.Option(help="Folder of clean photographs; simulated captures teach single faults."),
    ] = None,
    start: Annotated[
        str, typer.Option(help="Weights to start from: imagenet, shipped, or a weights file.")
    ] = "imagenet",
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Work folder: checkpoint, log and weights.")
    ] = _DEFAULT_OUT,
    material: Annotated[
        Path | None,
        typer.Option(help="Folder of simulated captures and features; several runs may share it."),
    ] = None,
    fold: Annotated[
        int | None,
        typer.Option(min=0, max=4, help="Fifth of every set to leave out, for `train judge`."),
    ] = None,
    steps: Annotated[int, typer.Option(min=1, help="Number of training steps.")] = DEFAULT_STEPS,
    rate: Annotated[
        float, typer.Option(min=0, help="Peak learning rate of the backbone.")
    ] = DEFAULT_RATE,
    seed: Annotated[int, typer.Option(min=0, help="Seed of simulation and groups.")] = 0,
    workers: Annotated[int, typer.Option(min=1, help="Number of processes and threads.")] = 1,
    compute: options.ComputeOption = "auto",
    resume: train_options.Resume = True,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Train dn-piqa-mini with the fidelity loss on pairs of captures of one scene."""
    if photos is None and not captures:
        raise UsageError("name --captures FILE, --photos FOLDER, or both")
    from dataclasses import asdict

    from piqa_cli.train.mini.run import train
    from piqa_cli.train.options import TrainSettings

    settings = TrainSettings(
        out=out,
        material=material,
        captures=tuple(captures or ()),
        photos=photos,
        start=start,
        fold=fold,
        steps=steps,
        seed=seed,
        workers=workers,
        rate=rate,
        compute=compute,
        resume=resume,
    )
    result = train(settings, quiet=quiet or as_json, show=show_line)
    if as_json:
        print_json({**asdict(result), "weights": str(result.weights)})
    elif not quiet:
        typer.echo(f"weights   {result.weights}")
        typer.echo(f"SHA-256   {result.sha256}")
        typer.echo(f"captures  {result.n_captures}")
        typer.echo(f"loss      {result.loss:.4f} in the last of {result.steps} steps")


@app.command("dn-piqa")
def dn_piqa(
    dataset: options.Dataset = options.NO_DATASET,
    attribute: train_options.Attribute = "overall",
    split: train_options.Split = "scene",
    captures: train_options.OwnRatings = None,
    start: Annotated[
        StartFrom, typer.Option(help="Weights to start from; imported: those of `weights import`.")
    ] = "random",
    start_full: Annotated[
        Path | None,
        typer.Option(help="File of the Swin transformer for the photo's branch (.pth)."),
    ] = None,
    start_face: Annotated[
        Path | None, typer.Option(help="File of the Swin transformer for the face's branch (.pth).")
    ] = None,
    liqe: Annotated[
        Path | None, typer.Option(help="LIQE.pt; by default that of the imported dn-piqa.")
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Work folder: pictures, checkpoint, log, weights.")
    ] = _DEFAULT_DN_PIQA_OUT,
    epochs: Annotated[int, typer.Option(min=1, help="Number of passes over the pairs.")] = 10,
    batch: Annotated[int, typer.Option(min=1, help="Pairs in one step, over all GPUs.")] = 6,
    part: Annotated[
        int | None,
        typer.Option(min=1, help="Pairs at once on a GPU; gradients add up to the batch."),
    ] = None,
    learning_rate: Annotated[
        float, typer.Option(min=0, help="Initial learning rate of Adam.")
    ] = 1e-5,
    weight_decay: Annotated[
        float, typer.Option(min=0, help="L2 penalty, added to the gradient.")
    ] = 1e-7,
    validation_share: train_options.ValidationShare = 0.15,
    patience: Annotated[
        int, typer.Option(min=0, help="Epochs without improvement before training stops; 0: never.")
    ] = 3,
    precision: train_options.Precision = "auto",
    compute: options.ComputeOption = "auto",
    gradient_checkpointing: Annotated[
        bool,
        typer.Option("--low-memory", help="Save memory by gradient checkpointing; a third slower."),
    ] = False,
    face: options.DetectorRuleOption = "confident",
    seed: Annotated[int, typer.Option(min=0, help="Seed of pairs, crops and fresh weights.")] = 0,
    resume: train_options.Resume = True,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Train the full DN-PIQA on PIQ23 or on your own ratings, by the authors' recipe."""
    settings = DnPiqaSettings(
        out=out,
        piq23=options.piq23_folder(dataset),
        attribute=attribute,
        split=split,
        captures=captures,
        start=start,
        start_full=start_full,
        start_face=start_face,
        liqe=liqe,
        epochs=epochs,
        batch=batch,
        part=part,
        learning_rate=learning_rate,
        weight_decay=weight_decay,
        validation_share=validation_share,
        patience=patience,
        precision=precision,
        compute=compute,
        gradient_checkpointing=gradient_checkpointing,
        face_rule=face,
        seed=seed,
        resume=resume,
    )
    from piqa_cli.train.dn_piqa.run import train_dn_piqa

    result = train_dn_piqa(settings, quiet=quiet or as_json, show=show_line)
    if os.environ.get("RANK", "0") == "0":  # torchrun starts several that all get here
        score_with = f"PIQA_WEIGHTS={result.weights.parent} piqa-cli rank -m dn-piqa"
        print_training(result, score_with=[score_with], as_json=as_json, quiet=quiet)
