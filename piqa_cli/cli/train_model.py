"""`piqa-cli train model`: trains a model of the challenge on PIQ23 or on a lab's own ratings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from piqa_cli.cli import options, train_options
from piqa_cli.cli.train_lines import print_training, show_line
from piqa_cli.errors import UsageError


def model(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="rq-net, hyperiqa, sem-hyperiqa, full-hyperiqa, monet, sar or bdvqa.",
        ),
    ],
    dataset: options.Dataset = options.NO_DATASET,
    attribute: train_options.Attribute = "overall",
    split: train_options.Split = "scene",
    captures: train_options.OwnRatings = None,
    backbone: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|none",
            help="Weights file of the backbone (torchvision, timm, open_clip); none: random.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Work folder: pictures, checkpoint, log, weights. By default NAME-run.",
        ),
    ] = None,
    recipe: Annotated[
        Path | None,
        typer.Option(help="TOML file of what differs from the published recipe."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="One value of the recipe; comes before --recipe."
        ),
    ] = None,
    print_recipe: Annotated[
        bool,
        typer.Option("--print-recipe", help="Print the recipe as a file for --recipe, and end."),
    ] = False,
    part: Annotated[
        int | None,
        typer.Option(min=1, help="Groups at once; gradients add up to the batch. Saves memory."),
    ] = None,
    validation_share: train_options.ValidationShare = 0.15,
    precision: train_options.Precision = "auto",
    compute: options.ComputeOption = "auto",
    face: options.DetectorRuleOption = "confident",
    seed: Annotated[int, typer.Option(min=0, help="Seed of order, crops and fresh weights.")] = 0,
    resume: train_options.Resume = True,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Train a model of the challenge on PIQ23 or on your own ratings, by its paper's recipe."""
    from piqa_cli.train.zoo.options import ZooSettings
    from piqa_cli.train.zoo.recipe import as_toml, changed, read_changes, read_recipe_file
    from piqa_cli.train.zoo.recipes import published

    known = published(name)
    used = known.recipe
    if recipe is not None:
        used = changed(used, read_recipe_file(recipe), where=f"recipe {recipe}")
    used = changed(used, read_changes(set_ or []), where="--set")
    if print_recipe:
        typer.echo(as_toml(used, known.left_open), nl=False)
        return
    if backbone is None:
        raise UsageError(f"name --backbone FILE, {known.backbone}; or --backbone none")
    settings = ZooSettings(
        model=name,
        out=out or Path(f"{name}-run"),
        recipe=used,
        backbone=None if backbone == "none" else Path(backbone),
        piq23=options.piq23_folder(dataset),
        attribute=attribute,
        split=split,
        captures=captures,
        part=part,
        validation_share=validation_share,
        precision=precision,
        compute=compute,
        face_rule=face,
        seed=seed,
        resume=resume,
    )
    from piqa_cli.train.zoo.run import train_model  # torch takes seconds to import

    result = train_model(settings, quiet=quiet or as_json, show=show_line)
    score_with = [
        f"piqa-cli rank CAPTURES --model {name} --weights-file {result.weights}",
        f"piqa-cli weights import {name} {result.weights}, then --model {name} alone",
    ]
    print_training(result, score_with=score_with, as_json=as_json, quiet=quiet)
