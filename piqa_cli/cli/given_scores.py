"""`rank --scores`: its options, and the options that can't be used with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from piqa_cli.cli.options import name_of, typed
from piqa_cli.errors import UsageError
from piqa_cli.settings import GivenScale, GivenSettings

Scores = Annotated[
    Path | None,
    typer.Option(
        "--scores",
        metavar="FILE",
        help="Rank these scores, without pictures: CSV or Parquet with path, scene, device, score.",
        readable=False,
    ),
]
Scale = Annotated[
    GivenScale,
    typer.Option("--scale", help="Scale of the scores in --scores; relative: no known unit."),
]

GIVEN_MODEL = "given"
"""Text that fills {model} in names of folders and logs."""

OF_PICTURES = (
    "captures manifest layout shots prefer model weights_file combine working_size face compute "
    "precision damaged workers timeout_s fresh shared_cache pictures crops_mb engine ray_address "
    "ray_actors ray_gpus"
).split()
"""Parameters of `rank` that say which pictures are scored, and how."""


def given_settings(
    context: typer.Context, scores: Path | None, scale: GivenScale
) -> GivenSettings | None:
    """The scores to rank; None: there are pictures to score.

    Raises:
        UsageError: the command line asks for scores and for scoring, or for neither's scale.
    """
    if scores is None:
        if typed(context, "scale"):
            raise UsageError("--scale says what the scores of --scores FILE are: name the file")
        return None
    if not typed(context, "scores") and (typed(context, "captures") or typed(context, "manifest")):
        return None  # an option of this call wins over scores that piqa.toml sets for all calls
    for param in context.command.params:
        if param.name in OF_PICTURES and typed(context, param.name):
            raise UsageError(
                f"--scores ranks scores that exist, nothing is scored: leave out {name_of(param)}"
            )
    return GivenSettings(scores, scale)
