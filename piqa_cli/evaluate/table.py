"""Tables of scores and ratings as labs have them, with or without a heading line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from piqa_cli.errors import PiqaError
from piqa_cli.spreadsheet import number, plain_heading, read_spreadsheet

KNOWN_HEADINGS = frozenset(
    (
        "image path", "path", "file", "image", "filename", "name", "photo", "score", "jod", "mos",
        "scene", "class", "device", "firmware", "condition", "jod std", "mos std", "status",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts.

    Attributes:
        file: where it was read.
        headings: as written; empty where the file begins with data at once.
        rows: cells as written, blank ones "".
        places: of the rows, for messages: `line 7` (CSV) or `row 7` (Parquet).
        divider: between the cells of a CSV; "," for Parquet.
        line_end: of a CSV.
        decimal_comma: True if numbers may have one.
        warnings: that letters beyond ASCII had to be guessed.
    """

    file: Path
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[str, ...]
    divider: str = ","
    line_end: str = "\n"
    decimal_comma: bool = True
    warnings: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Headings as they are compared: lower case, `_` as a space."""
        return tuple(plain_heading(heading) for heading in self.headings)


def read_table(file: Path) -> Table:
    """Reads a CSV (comma, semicolon or tab, UTF-8 with or without mark) or Parquet file.

    Content decides which of them it is. A CSV has a heading line, or begins with data: then it
    must have two columns, a name and a number.

    Raises:
        PiqaError: the file can't be read, is empty, or a line has more cells than headings.
    """
    found = read_spreadsheet(
        file,
        called=str(file),
        not_a_folder="name a CSV or Parquet file",
        is_heading=_is_heading,
    )
    if not found.headings and not found.rows:
        raise PiqaError(f"{file} is empty; give a table of names and numbers")
    return Table(
        file=file,
        headings=found.headings,
        rows=found.rows,
        places=tuple(found.places),
        divider=found.divider,
        line_end=found.line_end,
        decimal_comma=found.decimal_comma,
        warnings=found.warnings,
    )


def _is_heading(cells: Sequence[str]) -> bool:
    """True where the first line names columns: it holds a known name, or no number at all."""
    if any(plain_heading(cell) in KNOWN_HEADINGS for cell in cells):
        return True
    return all(number(cell) is None for cell in cells)
