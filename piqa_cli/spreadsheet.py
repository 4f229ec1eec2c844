"""CSV and Parquet as labs have them: every cell kept as text, nothing decided about meaning."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from piqa_cli.errors import PiqaError
from piqa_cli.parquet_file import read_parquet, values_of
from piqa_cli.remote import AnyPath
from piqa_cli.text_file import NOT_UNICODE, unicode_text, windows_text

if TYPE_CHECKING:
    import pyarrow as pa

_PARQUET_MAGIC = b"PAR1"
_NAMED_DIVIDER = re.compile('"?sep=([;,\t|])"?', re.IGNORECASE)
_FORMULA = re.compile("'*[=+@\t\r-]")
_LARGEST = 1e12  # far above any score or rating; squares and axes stay exact enough


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """A table of texts.

    Attributes:
        headings: as written; empty where the file is empty or begins with data at once.
        columns: their cells as written, blank ones "", all of one length.
        places: of the rows, for messages: `line 7` (CSV) or `row 7` (Parquet).
        divider: between the cells of a CSV; "," for Parquet.
        line_end: of a CSV.
        decimal_comma: True if a comma in a number can only be a decimal one: it divides no cells.
        warnings: that letters beyond ASCII had to be guessed.
    """

    headings: tuple[str, ...]
    columns: tuple[Sequence[str], ...]
    places: Sequence[str]
    divider: str = ","
    line_end: str = "\n"
    decimal_comma: bool = True
    warnings: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The cells by row, each row as wide as the first line."""
        return tuple(zip(*self.columns, strict=True))


@dataclass(frozen=True, slots=True)
class RowNumbers(Sequence[str]):
    """Places of the rows of a Parquet file; millions of texts aren't held for one message."""

    n_rows: int

    def __len__(self) -> int:
        return self.n_rows

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        numbers = range(1, self.n_rows + 1)[index]
        return f"row {numbers}" if isinstance(numbers, int) else [f"row {n}" for n in numbers]


def read_spreadsheet(
    file: AnyPath,
    *,
    called: str,
    not_a_folder: str,
    is_heading: Callable[[Sequence[str]], bool] = lambda _cells: True,
    wanted: Callable[[str], bool] = lambda _heading: True,
) -> Spreadsheet:
    """Reads a CSV (comma, semicolon or tab; UTF-8 with or without mark, UTF-16) or Parquet file.

    Text that isn't Unicode is read as Windows-1252, with a warning, as Excel saves a plain CSV.
    Content decides which of them it is. Blank lines of a CSV are passed over, so is Excel's
    first line `sep=;`, which names the divider; the apostrophe of `harmless` is taken away.

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
    text, warnings = _text_of(file, called, content)
    return _parse_csv(called, text, is_heading, warnings)


def _text_of(file: AnyPath, called: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a CSV, and warnings of what had to be guessed."""
    try:
        return unicode_text(content), ()
    except UnicodeDecodeError as error:
        text = windows_text(content)
        if text is None:
            raise PiqaError(f"{called} is not UTF-8 text; save it as CSV UTF-8") from error
        # Pages show it, so without folders of this machine.
        return text, (f"{file.name} {NOT_UNICODE}: save it as CSV UTF-8",)


def _parse_csv(
    called: str,
    text: str,
    is_heading: Callable[[Sequence[str]], bool],
    warnings: tuple[str, ...],
) -> Spreadsheet:
    first, _, rest = text.partition("\n")
    named = _NAMED_DIVIDER.fullmatch(first.strip("\r "))
    divider = named[1] if named else _divider(first)
    body, above = (rest, 1) if named else (text, 0)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=divider, strict=True)
    try:
        lines = [
            (f"line {reader.line_num + above}", tuple(map(_as_meant, cells)))
            for cells in reader
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        where = f"line {reader.line_num + above}"
        raise PiqaError(f"{called}, {where}: broken CSV ({error})") from error
    headings = lines[0][1] if lines and is_heading(lines[0][1]) else ()
    rows = lines[1:] if headings else lines
    width = len(lines[0][1]) if lines else 0
    filled = [_filled(called, place, cells, width) for place, cells in rows]
    return Spreadsheet(
        headings=headings,
        columns=tuple(zip(*filled, strict=True)) if filled else ((),) * width,
        places=tuple(place for place, _ in rows),
        divider=divider,
        line_end="\r\n" if first.endswith("\r") else "\n",
        decimal_comma=divider != ",",
        warnings=warnings,
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
        read = {name: _texts(table.column(name)) for name in table.column_names}
    except (pa.ArrowException, OSError, OverflowError) as error:  # the last of impossible dates
        raise PiqaError(f"{called} can't be read as Parquet ({_one_line(error)})") from error
    blank = [""] * n_rows
    return Spreadsheet(
        headings=headings,
        columns=tuple(read.get(name, blank) for name in headings),
        places=RowNumbers(n_rows),
    )


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _texts(column: pa.ChunkedArray) -> list[str]:
    """The values of a column of Parquet as texts."""
    values = values_of(column)
    if set(map(type, values)) == {str}:
        return values
    return list(map(_text, values))


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


def number(text: str, *, decimal_comma: bool = True) -> float | None:
    """The number that a cell holds, with decimal point or comma; None: none up to 1e12.

    Args:
        text: of the cell.
        decimal_comma: False: a comma divides the cells, so one in a number may be of thousands.

    >>> number(" -1.5"), number("1,5"), number("nan"), number("1,234.5")
    (-1.5, 1.5, None, None)
    """
    try:
        value = float(text.strip().replace(",", ".", 1) if "." not in text else text)
    except ValueError:
        return None
    if "," in text and not decimal_comma:
        return None
    return value if abs(value) <= _LARGEST else None  # false for nan, too


def comma_hint(text: str) -> str:
    """Advice about a comma in a number of a file whose cells it divides; empty: there is none.

    >>> comma_hint("1,5"), comma_hint("good")
    (' (where commas divide the cells, write decimals with a point)', '')
    """
    point = " (where commas divide the cells, write decimals with a point)"
    return point if "," in text else ""


def harmless(text: str) -> str:
    """A text that no spreadsheet takes as a formula: an apostrophe stands before such a sign.

    >>> harmless("=1+1"), harmless("'=1"), harmless("a=b")
    ("'=1+1", "''=1", 'a=b')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def harmless_row(row: Mapping[str, object]) -> dict[str, object]:
    """A row of a table with its texts made `harmless`; numbers stay numbers."""
    return {
        name: harmless(value) if isinstance(value, str) else value for name, value in row.items()
    }


def _as_meant(cell: str) -> str:
    """A cell without the apostrophe of `harmless`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
