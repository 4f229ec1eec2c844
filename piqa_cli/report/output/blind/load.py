"""A run with letters in place of names, for viewing panels that must not know the phones.

One frozen change of the loaded tables and run.json, before any page is made of them; so no page
has to think of it. What can't be shown without naming a device is left out, not crossed out.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from piqa_cli.report.output.blind.hidden import without_scores
from piqa_cli.report.output.blind.info import masked_info
from piqa_cli.report.output.blind.letters import BlindKey
from piqa_cli.report.output.blind.mask import Mask
from piqa_cli.report.output.blind.models import masked_source
from piqa_cli.report.output.blind.notes import masked_notes
from piqa_cli.report.output.blind.tables import masked_tables
from piqa_cli.report.warning_lines import parted_warnings
from piqa_cli.runs.notes import read_notes
from piqa_cli.runs.table_set import Run, load_run


def load_shown(
    run_folder: Path, *, blind: bool, hide_scores: bool = False
) -> tuple[Run, BlindKey | None]:
    """A run as pages show it, and the key to its letters where it is `blind`.

    Args:
        run_folder: what `rank` wrote.
        blind: letters stand for devices.
        hide_scores: a blind run has no ranks and scores either.

    Raises:
        PiqaError: see `load_run`.
    """
    loaded = load_run(run_folder)
    run = replace(loaded, notes=read_notes(run_folder))
    if not blind:
        return run, None
    shown, key = blinded(run)
    return (without_scores(shown, key) if hide_scores else shown), key


def blinded(run: Run) -> tuple[Run, BlindKey]:
    """The same run with letters for devices, and the key to them.

    Args:
        run: as it was loaded; left as it is.
    """
    key = BlindKey.of(run)
    mask = Mask.of(run, key.letters)
    source = masked_source(mask, run.source)
    shown = Run(
        folder=run.folder,
        info=masked_info(mask, run.info, key.mark, parted_warnings(run)[0]),
        source=source,
        recipe=replace(run.recipe, model=source.name),
        tables=masked_tables(mask, run.tables),
        notes=masked_notes(mask, run),
    )
    return shown, key
