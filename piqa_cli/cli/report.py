"""`piqa-cli report`: the pages again, from the tables alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from piqa_cli.cli import options


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder that `rank` wrote.")] = Path(
        "piqa-run"
    ),
    blind: Annotated[
        bool,
        typer.Option(
            "--blind", help="Name the devices A, B, C ... on all pages; RUN/blind-key.csv says who."
        ),
    ] = False,
    quiet: options.Quiet = False,
) -> None:
    """Write the report of a run again, without scoring."""
    from piqa_cli.write.blind import KEY_FILE
    from piqa_cli.write.html import render_report
    from piqa_cli.write.run_lock import hold
    from piqa_cli.write.table_set import settle

    with hold(run):
        settle(run)
        page = render_report(run, blind=blind)
    if not quiet:
        typer.echo(f"report  {page}")
        if blind:
            typer.echo(f"key     {run / KEY_FILE}")
