"""`piqa-cli train sheet`: a contact sheet of the simulated camera's faults, to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def sheet(
    photograph: Annotated[
        Path, typer.Argument(metavar="PHOTO", help="Clean photograph.", readable=False)
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="PNG to write.")] = Path("sheet.png"),
    seed: Annotated[int, typer.Option(min=0, help="Seed of the noise.")] = 0,
) -> None:
    """Draw a contact sheet: every simulated fault alone, from weak to strong, with its cost."""
    from piqa_cli.atomic import write_whole
    from piqa_cli.errors import PiqaError
    from piqa_cli.train.simulation.contact_sheet import contact_sheet

    drawn = contact_sheet(photograph, seed=seed)
    try:
        write_whole(out, drawn)
    except OSError as error:
        reason = error.strerror or str(error)
        raise PiqaError(f"can't write {out} ({reason}): choose another file with -o") from None
    typer.echo(f"sheet  {out}")
