"""Options that the trainings share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from piqa_cli.train import material
from piqa_cli.train.options import TrainPrecision

Attribute = Annotated[material.Attribute, typer.Option(help="PIQ23's ratings to train on.")]
Split = Annotated[material.Split, typer.Option(help="PIQ23's official split to train and test on.")]
OwnRatings = Annotated[
    Path | None,
    typer.Option(help="Your own ratings instead: manifest with a column jod, or mos."),
]
ValidationShare = Annotated[
    float,
    typer.Option(
        min=0.01,
        max=0.5,
        help="Share of the training set that is kept aside to choose the epoch.",
    ),
]
Precision = Annotated[
    TrainPrecision,
    typer.Option(help="Number format; auto: half precision on a GPU, else fp32."),
]
Resume = Annotated[
    bool, typer.Option("--resume/--restart", help="Go on from the checkpoint in the folder.")
]
