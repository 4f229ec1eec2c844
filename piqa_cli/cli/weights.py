"""`piqa-cli weights`: lists the weights on this machine, and imports your own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from piqa_cli.cli import options
from piqa_cli.cli.terminal import byte_bar, print_table
from piqa_cli.errors import MissingPartError, UsageError
from piqa_cli.resources import weights_dir

app = typer.Typer(no_args_is_help=True, help="List, import, pull and verify model weights.")


@app.command("list")
def list_() -> None:
    """List the weights that are here."""
    from piqa_cli.weights.store import list_bundles

    rows = [
        (
            bundle.model,
            f"{bundle.path.stat().st_size / 1e6:.1f} MB",
            bundle.sha256,
            str(bundle.path),
        )
        for bundle in list_bundles()
    ]
    print_table(("model", "size", "SHA-256", "file"), rows)


@app.command("import")
def import_(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="Model that the weights are of; see `models`.")
    ],
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="The authors' files (dn-piqa: PIQ_model.pth LIQE.pt), or a trained .safetensors.",
            readable=False,
        ),
    ],
) -> None:
    """Check and convert a model's files, or take trained weights, into the weights folder."""
    from piqa_cli.weights.importing import check_files, import_weights

    check_files(model, files)
    typer.echo("checking and converting (up to a minute) ...", err=True)
    bundle = import_weights(model, files, folder=weights_dir())
    typer.echo(f"{bundle.model}  {bundle.sha256}  {bundle.path}")


@app.command()
def pull(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="Model that the weights are of; see `models`.")
    ],
    weights_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Folder of your lab's mirror: https:// or file://; http:// on this machine only.",
            envvar="PIQA_WEIGHTS_URL",
        ),
    ] = None,
    quiet: options.Quiet = False,
) -> None:
    """Fetch MODEL.safetensors from your lab's own mirror, verified by SHA-256."""
    from piqa_cli.weights.pull import pull_weights

    if not weights_url:
        raise UsageError(
            "no mirror is named: set PIQA_WEIGHTS_URL, weights_url in piqa.toml, or --weights-url "
            f"to the https:// or file:// folder that holds {model}.safetensors"
        )
    pulled = pull_weights(model, weights_url, progress=byte_bar(quiet, model))
    if pulled.was_here and not quiet:
        typer.echo(f"{model} is here already, the same as on the mirror", err=True)
    bundle = pulled.bundle
    if not quiet:
        typer.echo(f"{bundle.model}  {bundle.sha256}  {bundle.path}")


@app.command()
def verify() -> None:
    """Check the SHA-256 of all weights that are here."""
    from piqa_cli.weights.store import file_of, find, models_here
    from piqa_cli.weights.store import verify as check

    damaged: list[MissingPartError] = []
    for model in models_here():
        file = file_of(model)
        try:
            check(find(model))
        except MissingPartError as error:
            damaged.append(error)
            typer.echo(f"{model}  DAMAGED  {file}")
        else:
            typer.echo(f"{model}  ok  {file}")
    if damaged:
        raise damaged[0]


@app.command()
def path() -> None:
    """Print the folder of imported weights (PIQA_WEIGHTS, else the user's data folder)."""
    typer.echo(str(weights_dir()))
