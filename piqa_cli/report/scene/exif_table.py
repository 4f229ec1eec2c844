"""Table of one scene's EXIF and file facts, one column a device.

Fields are listed here one by one, so nothing that a file may hold beside them, such as places,
serial numbers or owners, can reach a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from piqa_cli.records.capture_row import TriedRow
from piqa_cli.report.site import CompetitorPage, heading
from piqa_cli.report.text import cell, dimensions, signed
from piqa_cli.schema import CAPTURES

_COLUMNS = {column.name: column for column in CAPTURES}
_COLUMNS_ON_PAPER = 8  # devices side by side on a landscape page of A4
_VALUES_AT_MOST = 4  # per cell; takes of one phone seldom differ more
_SIZE = "dimensions"  # a derived field, like the next one
_EXPOSURE = "exposure"

GROUPS: dict[str, tuple[str, ...]] = {
    "Camera": (
        "firmware",
        "exif_make",
        "exif_model",
        "exif_software",
        "exif_lens_make",
        "exif_lens_model",
    ),
    "Exposure": (
        "exif_exposure_time_s",
        "exif_aperture_f_number",
        "exif_iso",
        "exif_exposure_bias_ev",
        "exif_ev100",
        _EXPOSURE,
        "exif_brightness_ev",
        "exif_exposure_program",
        "exif_exposure_mode",
        "exif_metering_mode",
        "exif_flash",
    ),
    "Field of view": (
        "exif_focal_length_mm",
        "exif_focal_length_35mm_mm",
        "exif_digital_zoom_ratio",
        _SIZE,
    ),
    "Colour and processing": (
        "exif_white_balance",
        "exif_light_source",
        "exif_scene_capture_type",
        "exif_custom_rendered",
        "exif_composite_image",
        "exif_color_space",
        "icc_profile",
        "has_gain_map",
    ),
    "File": (
        "format",
        "bytes",
        "bit_depth",
        "exif_orientation",
        "exif_captured_at",
        "decoder",
    ),
}
"""Columns of the captures table (and two derived fields) by what they are about."""

_DERIVED = {_SIZE: "Dimensions", _EXPOSURE: "Exposure against the scene"}
MEANINGS = {
    "exif_ev100": "log2(N²/t) − log2(ISO/100), from aperture, time and ISO: lower is more exposure",
    _EXPOSURE: "EV at ISO 100 of the scene's median device minus this one's: + is brighter",
}


@dataclass(frozen=True, slots=True)
class ExifRow:
    """One field: a text for every device, and whether the devices differ in it.

    Attributes:
        heading: of the field.
        meaning: what a derived field is; may be empty.
        cells: by device, empty where nothing is known.
        differs: whether any two cells hold other values.
    """

    heading: str
    meaning: str
    cells: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class ExifTable:
    """All fields that at least one capture has, by group.

    Attributes:
        devices: the columns.
        groups: name and rows.
        n_same: rows in which all devices agree.
    """

    devices: tuple[CompetitorPage, ...]
    groups: tuple[tuple[str, tuple[ExifRow, ...]], ...]
    n_same: int

    @property
    def on_paper(self) -> tuple[tuple[int, int], ...]:
        """Places (first, past the last) of the devices that paper shows side by side.

        Empty where all fit beside each other, so that the table itself is printed.
        """
        count = len(self.devices)
        if count <= _COLUMNS_ON_PAPER:
            return ()
        parts = -(-count // _COLUMNS_ON_PAPER)
        ends = [round(n * count / parts) for n in range(parts + 1)]
        return tuple(pairwise(ends))


def exif_table(captures: Mapping[CompetitorPage, Sequence[TriedRow]]) -> ExifTable | None:
    """Compares EXIF and file facts of a scene's captures; None: nothing was read.

    Args:
        captures: the scene's rows of the captures table, by device.
    """
    read = {c: [row for row in rows if row.decoder] for c, rows in captures.items()}
    read = {competitor: rows for competitor, rows in read.items() if rows}
    usual = _usual_ev100(read.values())
    groups = []
    for name, fields in GROUPS.items():
        found = (
            (field, [_values(field, rows, usual) for rows in read.values()]) for field in fields
        )
        rows = tuple(_row(field, cells) for field, cells in found if any(cells))
        if rows:
            groups.append((name, rows))
    if not groups:
        return None
    n_same = sum(not row.differs for _, rows in groups for row in rows)
    return ExifTable(tuple(read), tuple(groups), n_same)


def _usual_ev100(devices: Iterable[Sequence[TriedRow]]) -> float | None:
    """EV at ISO 100 of the scene's median device; None: fewer than two devices state it."""
    known = [[r.exif_ev100 for r in rows if r.exif_ev100 is not None] for rows in devices]
    medians = [median(values) for values in known if values]
    return median(medians) if len(medians) > 1 else None


def _values(field: str, rows: Sequence[TriedRow], usual: float | None) -> tuple[str, ...]:
    """The distinct values of a device, in the order of its captures."""
    texts = (_text(field, row, usual) for row in rows)
    return tuple(dict.fromkeys(text for text in texts if text is not None))


def _text(field: str, row: TriedRow, usual: float | None) -> str | None:
    if field == _SIZE:
        return dimensions(row.width_px, row.height_px)
    if field == _EXPOSURE:
        if row.exif_ev100 is None or usual is None:
            return None
        return f"{signed(usual - row.exif_ev100, 1)} EV"
    return cell(_COLUMNS[field], getattr(row, field))


def _row(field: str, cells: Sequence[tuple[str, ...]]) -> ExifRow:
    return ExifRow(
        heading=_DERIVED.get(field) or heading(_COLUMNS[field]),
        meaning=MEANINGS.get(field, ""),
        cells=tuple(_joined(values) for values in cells),
        differs=len({frozenset(values) for values in cells}) > 1,
    )


def _joined(values: tuple[str, ...]) -> str:
    more = len(values) - _VALUES_AT_MOST
    shown = " · ".join(values[:_VALUES_AT_MOST])
    return f"{shown} and {more} more" if more > 0 else shown
