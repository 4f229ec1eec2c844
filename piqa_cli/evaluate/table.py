"""CSV and Parquet as labs have them: every cell kept as text, nothing decided about meaning."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from piqa_cli.errors import PiqaError

KNOWN_HEADINGS = frozenset(
    (
        "image path", "path", "file", "image", "filename", "name", "photo", "score", "jod", "mos",
        "scene", "class", "device", "firmware", "condition", "jod std", "mos std", "status",
    )
)  # fmt: skip
_PARQUET_MAGIC = b"PAR1"
_LARGEST = 1e12  # no score or rating comes near it; squares and axes stay exact enough


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
    """

    file: Path
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[str, ...]
    divider: str = ","
    line_end: str = "\n"

    @property
    def columns(self) -> tuple[str, ...]:
        """Headings as they are compared: lower case, `_` as a space."""
        return tuple(plain_heading(heading) for heading in self.headings)


def plain_heading(text: str) -> str:
    """A heading as headings are compared.

    >>> plain_heading(" JOD_STD ")
    'jod std'
    """
    return " ".join(text.lower().replace("_", " ").split())


def read_table(file: Path) -> Table:
    """Reads a CSV (comma, semicolon or tab, UTF-8 with or without mark) or Parquet file.

    Content decides which of them it is. A CSV has a heading line, or begins with data: then it
    must have two columns, a name and a number.

    Raises:
        PiqaError: the file can't be read, is empty, or a line has more cells than headings.
    """
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise PiqaError(f"{file} does not exist; check the path") from None
    except IsADirectoryError:
        raise PiqaError(f"{file} is a folder, not a table; name a CSV or Parquet file") from None
    except OSError as error:
        raise PiqaError(f"{file} can't be opened: {error.strerror}") from error
    if content.startswith(_PARQUET_MAGIC):
        return _parse_parquet(file, content)
    return _parse_csv(file, content)


def _parse_csv(file: Path, content: bytes) -> Table:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PiqaError(f"{file} is not UTF-8 text; save it as CSV UTF-8") from error
    first = text.partition("\n")[0]
    divider = _divider(first)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=True)
    try:
        lines = [(f"line {reader.line_num}", tuple(cells)) for cells in reader if any(cells)]
    except csv.Error as error:
        raise PiqaError(f"{file}, line {reader.line_num}: broken CSV ({error})") from error
    if not lines:
        raise PiqaError(f"{file} is empty; give a table of names and numbers")
    headings = lines[0][1] if _is_heading(lines[0][1]) else ()
    rows = lines[1:] if headings else lines
    width = len(headings) or len(rows[0][1])
    return Table(
        file=file,
        headings=headings,
        rows=tuple(_filled(file, place, cells, width) for place, cells in rows),
        places=tuple(place for place, _ in rows),
        divider=divider,
        line_end="\r\n" if first.endswith("\r") else "\n",
    )


def _divider(first_line: str) -> str:
    """The divider of a CSV by its first line; a tab wins, since names may hold the others."""
    if "\t" in first_line:
        return "\t"
    return max(";,", key=first_line.count)  # on equal counts `;`: the comma is a decimal one


def _is_heading(cells: Sequence[str]) -> bool:
    """Whether the first line names columns: it holds a known name, or no number at all."""
    if any(plain_heading(cell) in KNOWN_HEADINGS for cell in cells):
        return True
    return all(number(cell) is None for cell in cells)


def _filled(file: Path, place: str, cells: Sequence[str], width: int) -> tuple[str, ...]:
    if len(cells) > width:
        raise PiqaError(
            f"{file}, {place}: {len(cells)} cells where {width} are expected; "
            "put quotes around values that hold the divider"
        )
    return (*cells, *("",) * (width - len(cells)))


def _parse_parquet(file: Path, content: bytes) -> Table:
    import pyarrow as pa  # 0.4 CPU-s, only for those who use it
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        raise PiqaError(f"{file} can't be read as Parquet ({error})") from error
    columns = [[_text(value) for value in column.to_pylist()] for column in table.columns]
    return Table(
        file=file,
        headings=tuple(table.column_names),
        rows=tuple(zip(*columns, strict=True)),
        places=tuple(f"row {n}" for n in range(1, table.num_rows + 1)),
    )


def _text(value: object) -> str:
    """A Parquet value as a CSV would hold it; floats keep every digit."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value)


def number(text: str) -> float | None:
    """The number that a cell holds, with decimal point or comma; None: none up to 1e12.

    >>> number(" -1.5"), number("1,5"), number("nan"), number("1,234.5")
    (-1.5, 1.5, None, None)
    """
    try:
        value = float(text.strip().replace(",", ".", 1) if "." not in text else text)
    except ValueError:
        return None
    return value if abs(value) <= _LARGEST else None  # false for nan, too
