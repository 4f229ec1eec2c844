"""Captures that NEW lacks: those of BASE, or those that [expect] asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from piqa_cli.compare.devices import Roster
from piqa_cli.discover.only_exclude import Chooser, parse_chooser
from piqa_cli.expect.cells import shortfall
from piqa_cli.expect.expectation import Expectation, counted, sightings_of_rows, within
from piqa_cli.expect.renamed import renamed_devices
from piqa_cli.records.capture_row import TriedRow
from piqa_cli.records.device_names import DeviceName
from piqa_cli.records.expected import Shortfall
from piqa_cli.runs.table_set import Run

_BASE_HAS = "BASE has"


def missing_in_new(
    base: Sequence[TriedRow],
    new: Sequence[TriedRow],
    roster: Roster,
    *,
    chooser: Chooser,
    expectation: Expectation | None = None,
) -> Shortfall:
    """Holds NEW against an expectation, else against BASE; its devices against BASE always.

    Args:
        base: captures of BASE.
        new: those of NEW.
        roster: the devices of both; one that has another name in NEW isn't missing.
        chooser: what NEW was ranked with; what it left out isn't missing.
        expectation: `[expect]` of piqa.toml; None: there is none.
    """
    now = {
        subject.base_device: subject.device
        for subject in roster.subjects
        if subject.base_device and subject.device
    }
    before = [
        sighting._replace(device=now.get(row.device, row.device))
        for row, sighting in zip(base, sightings_of_rows(base), strict=True)
    ]
    found = sightings_of_rows(new)
    cells = within(counted(before), chooser)
    conditions = {row.scene: row.condition for row in (*base, *new)}
    renamed = renamed_devices(before, found)
    if expectation is None:
        return shortfall(
            cells, counted(found), asked_by=_BASE_HAS, conditions=conditions, renamed=renamed
        )
    missing = expectation.check(
        found,
        chooser,
        conditions=conditions,
        also_devices={device for _, device in cells},
        renamed=now,
    )
    known = {pair.new for pair in missing.renamed}
    more = (pair for pair in renamed if pair.new not in known)
    return replace(missing, renamed=(*missing.renamed, *more))


def missing_lines(missing: Shortfall) -> tuple[str, ...]:
    """Lines on what NEW lacks; fewer takes than in BASE alone are no news."""
    few = missing.asked_by == _BASE_HAS and not (missing.devices or missing.empty_cells)
    return tuple(pair.text for pair in missing.renamed) if few else missing.lines


def chooser_of(run: Run, devices: Sequence[DeviceName] = ()) -> Chooser:
    """`--only` and `--exclude` of a run, which may have known devices by their other names.

    Args:
        run: whose settings.
        devices: entries of `[devices]`.
    """
    find = run.info["settings"].get("find", {})
    chooser = parse_chooser(find.get("only", ()), find.get("exclude", ()))
    return replace(chooser, other_names={entry.name: entry.aliases for entry in devices})
