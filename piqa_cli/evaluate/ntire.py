"""The table of the NTIRE 2024 portrait challenge: all its columns, and a SCORE."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from piqa_cli.discover.names import plain_path
from piqa_cli.errors import PiqaError
from piqa_cli.evaluate.listing import Entry, Listing, in_class
from piqa_cli.evaluate.match import match
from piqa_cli.evaluate.table import Table, read_table

_SCORE = "SCORE"


def read_ntire(file: Path) -> Table:
    """Reads the challenge's table: `IMAGE`, usually `CLASS` and `CONDITION`, whatever else.

    Raises:
        PiqaError: unreadable, or without the column `IMAGE`.
    """
    table = read_table(file)
    if "image" not in table.columns:
        has = ", ".join(table.headings[:12]) or "no heading line"
        raise PiqaError(f"{file} is no NTIRE table: it has no column IMAGE, it has {has}")
    return table


def ntire_bytes(table: Table, scores: Listing) -> tuple[bytes, int]:
    """The same table with `SCORE`, other cells untouched; blank where nothing was scored.

    A SCORE column that is there already is filled anew, else it becomes the last one. Divider
    and line ends stay.

    Returns:
        The CSV file (UTF-8, whatever it was), and how many rows have a score.

    Raises:
        PiqaError: no row is scored, or a name is ambiguous.
    """
    rows = Listing(table.file, "image", _entries(table))
    found = {truth.place: score.value for score, truth in match(scores, rows).pairs}
    columns = table.columns
    at = columns.index("score") if "score" in columns else len(columns)
    lines = [_with(table.headings, at, table.headings[at] if at < len(columns) else _SCORE)]
    for row, place in zip(table.rows, table.places, strict=True):
        lines.append(_with(row, at, repr(found[place]) if place in found else ""))
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=table.divider, lineterminator=table.line_end)
    writer.writerows(lines)
    return buffer.getvalue().encode("utf-8"), len(found)


def _entries(table: Table) -> tuple[Entry, ...]:
    image = table.columns.index("image")
    folder = table.columns.index("class") if "class" in table.columns else None
    entries = []
    for row, place in zip(table.rows, table.places, strict=True):
        path = plain_path(row[image])
        if not path:
            raise PiqaError(f"{table.file}, {place}: IMAGE is blank")
        group = row[folder].strip() if folder is not None else ""
        scene = group or None
        entries.append(Entry(place=place, path=in_class(path, scene), value=0.0, scene=scene))
    return tuple(entries)


def _with(cells: tuple[str, ...], at: int, value: str) -> tuple[str, ...]:
    return (*cells[:at], value, *cells[at + 1 :])
