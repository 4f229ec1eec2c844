"""CSV and Parquet as labs have them: every cell kept as text, nothing decided about meaning."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from piqa_cli.errors import PiqaError
from piqa_cli.parquet_file import read_parquet

_PARQUET_MAGIC = b"PAR1"
_LARGEST = 1e12  # far above any score or rating; squares and axes stay exact enough


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """A table of texts.

    Attributes:
        headings: as written; empty where the file is empty or begins with data at once.
        rows: cells as written, blank ones "", each row as wide as the first line.
        places: of the rows, for messages: `line 7` (CSV) or `row 7` (Parquet).
        divider: between the cells of a CSV; "," for Parquet.
        line_end: of a CSV.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[str, ...]
    divider: str = ","
    line_end: str = "\n"


def read_spreadsheet(
    file: Path,
    *,
    called: str,
    not_a_folder: str,
    is_heading: Callable[[Sequence[str]], bool] = lambda _cells: True,
    wanted: Callable[[str], bool] = lambda _heading: True,
) -> Spreadsheet:
    """Reads a CSV (comma, semicolon or tab, UTF-8 with or without mark) or Parquet file.

    Content decides which of them it is. Blank lines of a CSV are passed over.

    Args:
        file: to read.
        called: how messages call it.
        not_a_folder: what to do, in a few words, where it is a folder.
        is_heading: whether the first line of a CSV names columns, or is data at once.
        wanted: which columns of Parquet to read, by heading.

    Raises:
        PiqaError: the file can't be read, or a line has more cells than the first.
    """
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise PiqaError(f"{called} does not exist; check the path") from None
    except IsADirectoryError:
        raise PiqaError(f"{called} is a folder; {not_a_folder}") from None
    except OSError as error:
        raise PiqaError(f"{called} can't be opened: {error.strerror}") from error
    if content.startswith(_PARQUET_MAGIC):
        return _parse_parquet(called, content, wanted)
    return _parse_csv(called, content, is_heading)


def _parse_csv(
    called: str, content: bytes, is_heading: Callable[[Sequence[str]], bool]
) -> Spreadsheet:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PiqaError(f"{called} is not UTF-8 text; save it as CSV UTF-8") from error
    first = text.partition("\n")[0]
    divider = _divider(first)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=True)
    try:
        lines = [
            (f"line {reader.line_num}", tuple(cells))
            for cells in reader
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        raise PiqaError(f"{called}, line {reader.line_num}: broken CSV ({error})") from error
    headings = lines[0][1] if lines and is_heading(lines[0][1]) else ()
    rows = lines[1:] if headings else lines
    width = len(lines[0][1]) if lines else 0
    return Spreadsheet(
        headings=headings,
        rows=tuple(_filled(called, place, cells, width) for place, cells in rows),
        places=tuple(place for place, _ in rows),
        divider=divider,
        line_end="\r\n" if first.endswith("\r") else "\n",
    )


def _divider(first_line: str) -> str:
    """The divider of a CSV by its first line; a tab wins, since names may hold the others."""
    if "\t" in first_line:
        return "\t"
    return max(";,", key=first_line.count)  # on equal counts `;`: the comma is a decimal one


def _filled(called: str, place: str, cells: Sequence[str], width: int) -> tuple[str, ...]:
    if len(cells) > width:
        raise PiqaError(
            f"{called}, {place}: {len(cells)} cells where {width} are expected; "
            "put quotes around values that hold the divider"
        )
    return (*cells, *("",) * (width - len(cells)))


def _parse_parquet(called: str, content: bytes, wanted: Callable[[str], bool]) -> Spreadsheet:
    import pyarrow as pa  # takes 0.2 CPU-s, so imported only at use

    try:
        headings, n_rows, table = read_parquet(content, wanted)
        read = {
            name: [_text(value) for value in column.to_pylist()]
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
    except (pa.ArrowException, OSError, OverflowError) as error:  # the last of impossible dates
        raise PiqaError(f"{called} can't be read as Parquet ({_one_line(error)})") from error
    blank = [""] * n_rows
    columns = [read.get(name, blank) for name in headings]
    return Spreadsheet(
        headings=headings,
        rows=tuple(zip(*columns, strict=True)),
        places=tuple(f"row {n}" for n in range(1, len(blank) + 1)),
    )


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _text(value: object) -> str:
    """A Parquet value as a CSV would hold it; floats keep every digit."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return value if isinstance(value, str) else str(value)


def plain_heading(text: str) -> str:
    """A heading as headings are compared: lower case, `_` as a space.

    >>> plain_heading(" JOD_STD ")
    'jod std'
    """
    return " ".join(text.lower().replace("_", " ").split())


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
