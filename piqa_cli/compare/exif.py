"""EXIF of BASE and NEW side by side: medians of numbers, distinct texts."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from piqa_cli.compare.cells import Cell
from piqa_cli.compare.records import ExifPair
from piqa_cli.natural import natural
from piqa_cli.records.capture_row import ScoredRow

FIELDS = ("software", "iso", "exposure_time_s", "ev100", "focal_length_mm")
"""Fields of EXIF that a new firmware moves, without `exif_`."""


def exif_pairs(cell: Cell) -> dict[str, ExifPair]:
    """Every field of a cell over the captures that count, BASE beside NEW."""
    return {
        field: ExifPair(_summary(cell.base_scored, field), _summary(cell.new_scored, field))
        for field in FIELDS
    }


def _summary(rows: Sequence[ScoredRow], field: str) -> float | str | None:
    values = [
        getattr(row, f"exif_{field}") for row in rows if getattr(row, f"exif_{field}") is not None
    ]
    if not values:
        return None
    if isinstance(values[0], str):
        return " · ".join(sorted(set(values), key=natural))
    return float(median(values))
