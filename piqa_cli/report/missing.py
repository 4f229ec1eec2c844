"""Section on what is missing of what was expected, with a matrix of scenes by devices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from piqa_cli.natural import natural
from piqa_cli.records.expected import Renamed, ShortCell, Shortfall
from piqa_cli.report.text import counted

_SCENES, _DEVICES = 60, 24  # shown on a page at most; run.json has them all


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A scene, and for every device `found/expected`; empty: nothing is missing there."""

    scene: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingMatrix:
    """Scenes down, devices across; only those that lack something.

    Attributes:
        devices, rows: heads and cells.
        more: what doesn't fit, in words; empty: all fits.
    """

    devices: tuple[str, ...]
    rows: tuple[MissingRow, ...]
    more: str


@dataclass(frozen=True, slots=True)
class MissingView:
    """The section.

    Attributes:
        headline: what is missing, or that nothing is.
        lines: the numbers, and devices that look renamed.
        matrix: None: no cell lacks a capture.
    """

    headline: str
    lines: tuple[str, ...]
    matrix: MissingMatrix | None


def missing_view(missing: Shortfall | None) -> MissingView | None:
    """The section on a page; None: nothing was expected."""
    if missing is None:
        return None
    asked = f"{counted(missing.n_devices, 'device')} and {counted(missing.n_scenes, 'scene')}"
    headline = (
        f"Nothing is missing of the {asked} expected" if missing.is_whole else _headline(missing)
    )
    matrix = matrix_of(missing, scenes=_SCENES, devices=_DEVICES)
    return MissingView(headline, missing.lines, matrix)


def _headline(missing: Shortfall) -> str:
    parts = (
        (len(missing.devices), "device"),
        (len(missing.scenes), "scene"),
        (missing.missing_takes, "capture"),
    )
    return f"Missing: {', '.join(counted(count, noun) for count, noun in parts if count)}"


def matrix_of(missing: Shortfall, *, scenes: int, devices: int) -> MissingMatrix | None:
    """The matrix of what is missing; None: no cell lacks a capture.

    Args:
        missing: what lacks.
        scenes: number of rows at most.
        devices: number of columns at most.
    """
    if not missing.cells:
        return None
    by_cell = {(cell.scene, cell.device): cell for cell in missing.cells}
    rows = list(dict.fromkeys(cell.scene for cell in missing.cells))
    columns = sorted({cell.device for cell in missing.cells}, key=natural)
    shown = columns[:devices]
    parts = (
        (len(rows) - scenes, "scene"),
        (len(columns) - devices, "device"),
    )
    return MissingMatrix(
        devices=tuple(shown),
        rows=tuple(
            MissingRow(scene, tuple(_text(by_cell.get((scene, name))) for name in shown))
            for scene in rows[:scenes]
        ),
        more=" and ".join(f"{counted(n, f'more {noun}')}" for n, noun in parts if n > 0),
    )


def _text(cell: ShortCell | None) -> str:
    return "" if cell is None else f"{cell.found}/{cell.expected}"


def missing_of(info: Mapping[str, Any]) -> Shortfall | None:
    """The record in run.json; None: nothing was expected, as far as that version knew."""
    facts = info.get("expected")
    if facts is None:
        return None
    known = _own(Shortfall, facts)
    return Shortfall(
        **{
            **known,
            "devices": tuple(known["devices"]),
            "scenes": tuple(known["scenes"]),
            "cells": tuple(ShortCell(**_own(ShortCell, cell)) for cell in known["cells"]),
            "renamed": tuple(Renamed(**_own(Renamed, pair)) for pair in known["renamed"]),
        }
    )


def _own(kind: type, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that a record has; a newer version may have written more."""
    return {field.name: facts[field.name] for field in fields(kind) if field.name in facts}
