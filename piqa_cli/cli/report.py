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
    quiet: options.Quiet = False,
) -> None:
    """Write the report of a run again, without scoring."""
    from piqa_cli.write.html import render_report
    from piqa_cli.write.run_lock import hold
    from piqa_cli.write.table_set import settle

    with hold(run):
        settle(run)
        page = render_report(run)
    if not quiet:
        typer.echo(f"report  {page}")
