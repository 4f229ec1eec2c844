"""Rows of the captures table as records; of very large tables each is made when it is asked for."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, overload

from piqa_cli.parquet_file import values_of
from piqa_cli.records.capture_row import CaptureRow, FolderRow, ScoredRow, TriedRow
from piqa_cli.runs.batches import Row, each_row_of

if TYPE_CHECKING:
    import pyarrow as pa

MANY_ROWS = 50_000
"""Tables of more rows stay columns: as records, a million of them would take 1 GB."""

_ASKED_OFTEN = frozenset({"status", "stage", "scene", "device", "firmware"})
_FIELDS = tuple(one.name for one in fields(CaptureRow) if one.name != "more")
_FIELD_NAMES = frozenset(_FIELDS)


class StoredRows(Sequence[CaptureRow]):
    """Rows of a table in columns."""

    def __init__(self, table: pa.Table) -> None:
        """Rows of a captures table, as `parquet_table` gives it."""
        self._table = table
        self._kept: dict[str, list[Any]] = {}

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __iter__(self) -> Iterator[CaptureRow]:
        return map(capture_row, each_row_of(self._table))

    @overload
    def __getitem__(self, index: int) -> CaptureRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[CaptureRow]: ...
    def __getitem__(self, index: int | slice) -> CaptureRow | list[CaptureRow]:
        places = range(len(self))[index]
        if isinstance(places, int):
            return self.at([places])[0]
        return self.at(places)

    def at(self, places: Sequence[int]) -> list[CaptureRow]:
        """The rows at some places, from 0."""
        import pyarrow as pa

        wanted = array("q", places)
        index = pa.Array.from_buffers(pa.int64(), len(wanted), [None, pa.py_buffer(wanted)])
        return list(map(capture_row, each_row_of(self._table.take(index))))

    def has(self, name: str) -> bool:
        """True if any row has a value in a column."""
        table = self._table
        return name in table.column_names and table.column(name).null_count < len(self)

    def column(self, name: str) -> list[Any]:
        """The values of one column; None where the table lacks it."""
        if name in self._kept:
            return self._kept[name]
        if name not in self._table.column_names:
            return [None] * len(self)
        values = values_of(self._table.column(name))
        if name in _ASKED_OFTEN:
            self._kept[name] = values
        return values


class StoredScenes(Mapping[str, Sequence[TriedRow]]):
    """Captures by scene, in the order in which scenes occur."""

    def __init__(self, rows: StoredRows) -> None:
        """The captures among some rows, scored or failed."""
        self._rows = rows
        self._places: dict[str, array[int]] = {}
        columns = (rows.column(name) for name in ("status", "stage", "scene"))
        for place, (status, stage, scene) in enumerate(zip(*columns, strict=True)):
            if is_capture(status, stage):
                self._places.setdefault(scene, array("q")).append(place)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __getitem__(self, scene: str) -> list[TriedRow]:
        return [row for row in self._rows.at(self._places[scene]) if isinstance(row, TriedRow)]


def is_capture(status: str, stage: str | None) -> bool:
    """True for a row of a capture, scored or failed: neither a folder nor a skipped file."""
    return status == "ok" or (status == "failed" and stage != "discover")


def rows_of(table: pa.Table) -> Sequence[CaptureRow]:
    """The rows of a captures table."""
    if table.num_rows > MANY_ROWS:
        return StoredRows(table)
    return [capture_row(row) for row in each_row_of(table)]


def by_scene(rows: Sequence[CaptureRow]) -> Mapping[str, Sequence[TriedRow]]:
    """The captures among some rows, scored or failed, by scene in the order of the rows."""
    if isinstance(rows, StoredRows):
        return StoredScenes(rows)
    scenes: dict[str, list[TriedRow]] = {}
    for row in rows:
        if isinstance(row, TriedRow):
            scenes.setdefault(row.scene, []).append(row)
    return scenes


def folder_rows(rows: Sequence[CaptureRow]) -> list[FolderRow]:
    """The folders that failed among some rows."""
    places = [n for n, stage in enumerate(column(rows, "stage")) if stage == "discover"]
    return [row for row in rows_at(rows, places) if isinstance(row, FolderRow)]


def rows_at(rows: Sequence[CaptureRow], places: Sequence[int]) -> list[CaptureRow]:
    """The rows at some places, from 0."""
    return rows.at(places) if isinstance(rows, StoredRows) else [rows[n] for n in places]


def column(rows: Sequence[CaptureRow], name: str) -> Sequence[Any]:
    """The values of one field of `CaptureRow`, in the order of the rows."""
    if isinstance(rows, StoredRows):
        return rows.column(name)
    return [getattr(row, name) for row in rows]


def explained_by(rows: Sequence[CaptureRow], name: str) -> bool:
    """True if any row has a value in a column by which a model explains its scores."""
    if isinstance(rows, StoredRows):
        return rows.has(name)
    return any(name in row.more for row in rows)


def tally(rows: Sequence[CaptureRow], *names: str) -> Counter[tuple[Any, ...]]:
    """Counts of combinations of values, in the order in which they first occur.

    Args:
        rows: of the captures table.
        names: fields of `CaptureRow`.
    """
    return Counter(zip(*(column(rows, name) for name in names), strict=True))


def capture_row(row: Row) -> CaptureRow:
    """The record of a row of the captures table; its class decides which columns are never None."""
    own = {name: row[name] for name in _FIELDS}
    others = [name for name in row if name not in _FIELD_NAMES]
    own["more"] = {name: row[name] for name in others if row[name] is not None}
    match row["status"]:
        case "ok":
            return ScoredRow(**own)
        case "failed" if row["stage"] == "discover":
            return FolderRow(**own)
        case "failed":
            return TriedRow(**own)
        case _:
            return CaptureRow(**own)
