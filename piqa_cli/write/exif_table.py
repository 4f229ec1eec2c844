"""What the cameras did, device beside device: EXIF and file facts of one scene."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from piqa_cli.schema import CAPTURES, EXIF_COLUMNS
from piqa_cli.write.book import Competitor, heading
from piqa_cli.write.parquet import Row
from piqa_cli.write.wording import cell, dimensions

_FILE_FACTS = ("format", "bytes", "bit_depth", "icc_profile", "has_gain_map", "decoder")
_OF_READING = ("exif_reader", "exif_error")  # how the file was read says nothing of the camera
_COLUMNS = (
    *(column for column in EXIF_COLUMNS if column.name not in _OF_READING),
    *(column for name in _FILE_FACTS for column in CAPTURES if column.name == name),
)
_VALUES_AT_MOST = 4  # per cell; takes of one phone seldom differ more


@dataclass(frozen=True, slots=True)
class ExifRow:
    """One field: a text for every device, and whether the devices differ in it."""

    heading: str
    cells: tuple[str, ...]
    differs: bool


def exif_rows(captures: Mapping[Competitor, Sequence[Row]]) -> tuple[ExifRow, ...]:
    """Rows for every field that at least one capture of the scene has.

    Args:
        captures: the scene's rows of the captures table, by device.
    """
    fields = [("Dimensions", [_distinct_sizes(rows) for rows in captures.values()])]
    for column in _COLUMNS:
        texts = [[cell(column, row[column.name]) for row in rows] for rows in captures.values()]
        fields.append((heading(column), [_distinct(values) for values in texts]))
    return tuple(_row(head, cells) for head, cells in fields if any(cells))


def _distinct_sizes(rows: Sequence[Row]) -> tuple[str, ...]:
    return _distinct([dimensions(row["width_px"], row["height_px"]) for row in rows])


def _distinct(values: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value is not None))


def _row(head: str, cells: Sequence[tuple[str, ...]]) -> ExifRow:
    differs = len({frozenset(values) for values in cells}) > 1
    return ExifRow(head, tuple(_joined(values) for values in cells), differs)


def _joined(values: tuple[str, ...]) -> str:
    more = len(values) - _VALUES_AT_MOST
    shown = " · ".join(values[:_VALUES_AT_MOST])
    return f"{shown} and {more} more" if more > 0 else shown
