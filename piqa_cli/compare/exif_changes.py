"""Differences in EXIF between BASE and NEW, scene by scene."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from piqa_cli.compare.exif import FIELDS
from piqa_cli.compare.records import Comparison, ExifPair, SceneChange, Subject
from piqa_cli.report.site import heading
from piqa_cli.report.text import NONE, cell, signed
from piqa_cli.schema import EXIF_COLUMNS

_COLUMNS = {
    name: column for column in EXIF_COLUMNS for name in FIELDS if column.name == f"exif_{name}"
}
_IN_STOPS = ("iso", "exposure_time_s")  # EXIF fields that change by one EV when they double
_LEAST_STOPS = 0.05


@dataclass(frozen=True, slots=True)
class ExifLine:
    """A device in a scene; `cells` is empty text where a field is the same in both runs."""

    label: str
    scene: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExifChanges:
    """All EXIF changes.

    Attributes:
        heads: fields that changed anywhere.
        lines: by device, then scene.
        everywhere: fields that changed alike in all scenes of a device, in a sentence each.
    """

    heads: tuple[str, ...]
    lines: tuple[ExifLine, ...]
    everywhere: tuple[str, ...]


def exif_changes(found: Comparison) -> ExifChanges:
    """Compares the EXIF of both runs' captures.

    A change that is the same in all scenes of a device, such as a new firmware, is listed once.
    """
    by_subject: dict[Subject, list[SceneChange]] = {}
    for row in found.scenes:
        if row.is_new:
            by_subject.setdefault(row.subject, []).append(row)
    everywhere: list[str] = []
    lines: list[tuple[SceneChange, dict[str, str]]] = []
    for subject, rows in sorted(by_subject.items(), key=lambda item: item[0].label):
        changes = [_changed(row) for row in rows]
        for field in FIELDS:
            texts = {change.get(field) for change in changes}
            if len(rows) > 1 and len(texts) == 1 and None not in texts:
                everywhere.append(f"{subject.label}: {heading(_COLUMNS[field])} {texts.pop()}")
                for change in changes:
                    del change[field]
        lines += [(row, change) for row, change in zip(rows, changes, strict=True) if change]
    fields = [field for field in FIELDS if any(field in change for _, change in lines)]
    return ExifChanges(
        heads=tuple(heading(_COLUMNS[field]) for field in fields),
        lines=tuple(
            ExifLine(row.subject.label, row.scene, tuple(change.get(f, "") for f in fields))
            for row, change in lines
        ),
        everywhere=tuple(everywhere),
    )


def _changed(row: SceneChange) -> dict[str, str]:
    """The fields with different texts, as `before → after`."""
    return {field: text for field, pair in row.exif.items() if (text := change_text(field, pair))}


def change_text(field: str, pair: ExifPair) -> str:
    """A field before and after; empty where both texts are equal.

    >>> change_text("iso", ExifPair(100.0, 200.0))
    '100 → 200 (+1.0 EV)'
    """
    column = _COLUMNS[field]
    base, new = cell(column, pair.base) or NONE, cell(column, pair.new) or NONE
    if base == new:
        return ""
    return f"{base} → {new}{_stops(field, pair)}"


def _stops(field: str, pair: ExifPair) -> str:
    """A change of ISO or exposure time in EV, in brackets; empty: no such change."""
    if (
        field not in _IN_STOPS
        or not isinstance(pair.base, float)
        or not isinstance(pair.new, float)
    ):
        return ""
    if pair.base <= 0 or pair.new <= 0:
        return ""
    stops = math.log2(pair.new / pair.base)
    return f" ({signed(stops, 1)} EV)" if abs(stops) >= _LEAST_STOPS else ""


def firmware_text(rows: Sequence[SceneChange]) -> str:
    """A firmware before and after: the layout's, else EXIF's software; empty where unknown."""
    subject = rows[0].subject
    base, new = subject.base_firmware, subject.firmware
    if base is None and new is None:
        base, new = (_joined(rows, side) for side in ("base", "new"))
    if base is None and new is None:
        return ""
    return str(base) if base == new else f"{base or NONE} → {new or NONE}"


def _joined(rows: Sequence[SceneChange], side: str) -> str | None:
    values = {getattr(row.exif["software"], side) for row in rows}
    texts = sorted({text for value in values if value for text in str(value).split(" · ")})
    return " · ".join(texts) or None
