"""CSV or Parquet to rows of cells; what a cell means is the manifest's matter."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from piqa_cli.errors import PiqaError

_PARQUET_MAGIC = b"PAR1"
_MISSPELT = 0.85  # likeness from which a heading is a slip of a known one, not a column of its own


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands (`line 7` of a CSV, `row 7` of Parquet) and its known cells."""

    place: str
    cells: Mapping[str, str | float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows, and which of the known columns exist."""

    columns: frozenset[str]
    rows: tuple[Row, ...]


def read_sheet(file: Path, required: Sequence[str], optional: Sequence[str]) -> Sheet:
    """Reads the known columns; content decides between Parquet and CSV.

    CSV is UTF-8 (with or without byte order mark), divided by comma, semicolon or tab, with a
    heading line; case of headings is ignored. Blank cells are "".

    Raises:
        PiqaError: the file can't be read, or a required column is missing.
    """
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise PiqaError(f"manifest {file} does not exist; check the path") from None
    except IsADirectoryError:
        raise PiqaError(f"manifest {file} is a folder; give it as captures folder") from None
    except OSError as error:
        raise PiqaError(f"manifest {file} can't be opened: {error.strerror}") from error
    known = (*required, *optional)
    if content.startswith(_PARQUET_MAGIC):
        return _read_parquet(file, required, known)
    return _read_csv(file, content, required=required, known=known)


def _read_csv(
    file: Path, content: bytes, *, required: Sequence[str], known: Sequence[str]
) -> Sheet:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PiqaError(f"manifest {file} is not UTF-8 text; save it as CSV UTF-8") from error
    heading_line = text.partition("\n")[0]
    divider = max(",;\t", key=heading_line.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=True)
    try:
        headings = [cell.strip().lower() for cell in next(lines, [])]
        _check_columns(file, headings, required=required, known=known)
        rows = [
            Row(f"line {lines.line_num}", _cells(file, headings, cells, lines.line_num))
            for cells in lines
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        raise PiqaError(f"manifest {file}, line {lines.line_num}: broken CSV ({error})") from error
    return Sheet(frozenset(headings) & frozenset(known), tuple(rows))


def _cells(
    file: Path, headings: Sequence[str], cells: Sequence[str], line: int
) -> dict[str, str | float]:
    if len(cells) > len(headings):
        raise PiqaError(
            f"manifest {file}, line {line}: {len(cells)} cells under {len(headings)} headings; "
            "put quotes around values that hold the divider"
        )
    return {heading: cell.strip() for heading, cell in zip(headings, cells, strict=False)}


def _read_parquet(file: Path, required: Sequence[str], known: Sequence[str]) -> Sheet:
    import pyarrow as pa  # 0.4 CPU-s, only for those who use it
    import pyarrow.parquet as pq

    try:
        headings = pq.read_schema(file).names
        _check_columns(file, headings, required=required, known=known)
        columns = [name for name in headings if name in known]
        table = pq.read_table(file, columns=columns)
    except (pa.ArrowException, OSError) as error:
        raise PiqaError(f"manifest {file} can't be read as Parquet ({error})") from error
    rows = tuple(
        Row(f"row {number}", {name: _plain(value) for name, value in row.items()})
        for number, row in enumerate(table.to_pylist(), start=1)
    )
    return Sheet(frozenset(columns), rows)


def _plain(value: Any) -> str | float:
    """A Parquet value as a CSV would hold it; null and NaN are blank."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return value if isinstance(value, (str, float)) else str(value)


def _check_columns(
    file: Path, headings: Iterable[str], *, required: Sequence[str], known: Sequence[str]
) -> None:
    """Refuses a missing required column, a known one twice, and a misspelt optional one."""
    met = list(headings)
    for name in known:
        if met.count(name) > 1:
            raise PiqaError(f"manifest {file}: column {name!r} stands there twice; keep one")
    for name in required:
        if name not in met:
            unknown = [heading for heading in met if heading not in known]
            nearest = get_close_matches(name, unknown, n=1, cutoff=0.5)
            hint = f"; rename {nearest[0]!r} to {name!r}?" if nearest else ""
            raise PiqaError(
                f"manifest {file}: column {name!r} is missing, it has "
                f"{', '.join(met[:12]) or 'no heading line'}{hint}"
            )
    absent = [name for name in known if name not in met]
    for heading in met:
        meant = get_close_matches(heading, absent, n=1, cutoff=_MISSPELT)
        if heading not in known and meant:
            raise PiqaError(
                f"manifest {file}: column {heading!r} is not known; did you mean {meant[0]!r}?"
            )
