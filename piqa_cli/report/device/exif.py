"""Exposure time, ISO and focal length of one device beside all others, by scene."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from markupsafe import Markup

from piqa_cli.records import Competitor
from piqa_cli.records.capture_row import TriedRow
from piqa_cli.report.charts.axis import LogAxis, log_axis
from piqa_cli.report.charts.strips import field_path, strip_axis_svg, strip_lines_css, strip_svg
from piqa_cli.report.site import Scene, Site, heading
from piqa_cli.report.text import NONE, cell, dimensions, number
from piqa_cli.runs.capture_rows import column as values_in
from piqa_cli.schema import CAPTURES, Column

_COLUMNS = {column.name: column for column in CAPTURES}
_FOCAL_LENGTHS = ("exif_focal_length_35mm_mm", "exif_focal_length_mm")
_FACTS = (
    "firmware",
    "exif_make",
    "exif_model",
    "exif_software",
    "exif_lens_model",
    "format",
    "icc_profile",
)
_VALUES_AT_MOST = 6
_LEAST_STOPS = 0.05  # EV; smaller differences are shown as none

By = dict[str, dict[Competitor, list[float]]]
"""Values by scene and competitor."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One EXIF number of all captures.

    Attributes:
        column: of the captures table.
        values: those above zero.
        axis: shared by all devices and scenes.
        fields: by scene, everybody's captures as a path.
        medians: by scene, the median device's median.
    """

    column: Column
    values: By
    axis: LogAxis
    fields: dict[str, str]
    medians: dict[str, float]


@dataclass(frozen=True, slots=True)
class Strip:
    """One quantity in one scene: the device's median as text, and the picture."""

    text: str
    chart: Markup


@dataclass(frozen=True, slots=True)
class StripHead:
    """One quantity: its name, its axis, and how the device differs from the field in a sentence.

    Attributes:
        lines: the ticks behind the rows, as a CSS background.
    """

    name: str
    axis: Markup
    lines: str
    distance: str


@dataclass(frozen=True, slots=True)
class CameraView:
    """Section of a device's page on its camera.

    Attributes:
        facts: heading and the values found, the most frequent first.
        heads, rows: the strips by scene; empty: no capture has a value.
    """

    facts: tuple[tuple[str, tuple[str, ...]], ...]
    heads: tuple[StripHead, ...]
    rows: tuple[tuple[Scene, tuple[Strip, ...]], ...]


def quantities(site: Site) -> tuple[Quantity, ...]:
    """The EXIF numbers that are drawn, as far as any capture has them."""
    rows = site.run.tables.captures
    focal = max(_FOCAL_LENGTHS, key=lambda name: sum(v is not None for v in values_in(rows, name)))
    names = ("exif_exposure_time_s", "exif_iso", focal)
    found = (_quantity(site, _COLUMNS[name]) for name in names)
    return tuple(quantity for quantity in found if quantity is not None)


def _quantity(site: Site, column: Column) -> Quantity | None:
    values: By = {}
    rows = site.run.tables.captures
    columns = (values_in(rows, name) for name in (column.name, "scene", "device", "firmware"))
    for value, scene, device, firmware in zip(*columns, strict=True):
        if value is not None and value > 0:
            key = site.key_of(device, firmware)
            values.setdefault(scene, {}).setdefault(key, []).append(value)
    everything = {scene: [v for own in by.values() for v in own] for scene, by in values.items()}
    if not everything:
        return None
    axis = log_axis((value for own in everything.values() for value in own), column.unit)
    return Quantity(
        column=column,
        values=values,
        axis=axis,
        fields={scene: field_path(axis, own) for scene, own in everything.items()},
        medians={s: median(median(own) for own in by.values()) for s, by in values.items()},
    )


def camera_view(
    site: Site, key: Competitor, rows: Sequence[TriedRow], *, known: Sequence[Quantity]
) -> CameraView:
    """The camera of one device.

    Args:
        site: the run.
        key: the device.
        rows: its captures, failed ones among them.
        known: the quantities of all captures.
    """
    read = [row for row in rows if row.decoder]
    shown = [q for q in known if any(key in by for by in q.values.values())]
    scenes = [
        s for s in site.scenes.values() if any(key in q.values.get(s.name, {}) for q in shown)
    ]
    return CameraView(
        facts=_facts(read),
        heads=tuple(_head(quantity, key) for quantity in shown),
        rows=tuple((scene, tuple(_strip(q, scene, key) for q in shown)) for scene in scenes),
    )


def _facts(read: Sequence[TriedRow]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    facts = [(heading(_COLUMNS[name]), _values(_COLUMNS[name], read)) for name in _FACTS]
    sizes = [dimensions(row.width_px, row.height_px) for row in read]
    facts.append(("Dimensions", _counted(sizes, len(read))))
    return tuple((head, values) for head, values in facts if values)


def _values(column: Column, read: Sequence[TriedRow]) -> tuple[str, ...]:
    return _counted([cell(column, getattr(row, column.name)) for row in read], len(read))


def _counted(texts: Sequence[str | None], total: int) -> tuple[str, ...]:
    """Distinct values, the most frequent first; with their counts where not all have the first."""
    counts: dict[str, int] = {}
    for text in texts:
        if text is not None:
            counts[text] = counts.get(text, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    shown = [t if n == total else f"{t} ({n} of {total})" for t, n in ordered[:_VALUES_AT_MOST]]
    more = len(ordered) - _VALUES_AT_MOST
    return (*shown, f"{more} more") if more > 0 else tuple(shown)


def _head(quantity: Quantity, key: Competitor) -> StripHead:
    labels = [cell(quantity.column, tick) or "" for tick in quantity.axis.ticks]
    return StripHead(
        name=heading(quantity.column),
        axis=strip_axis_svg(quantity.axis, labels),
        lines=strip_lines_css(quantity.axis),
        distance=_distance(quantity, key),
    )


def _distance(quantity: Quantity, key: Competitor) -> str:
    """Words for a device's distance from the median device of a scene, in the median scene."""
    shared = {s: by[key] for s, by in quantity.values.items() if key in by and len(by) > 1}
    if not shared:
        return ""
    stops = median(math.log2(median(own) / quantity.medians[s]) for s, own in shared.items())
    if abs(stops) < _LEAST_STOPS:
        return "as the scene's median device"
    if quantity.column.unit == "mm":
        share = f"{100 * abs(2**stops - 1):.0f} %"
        return f"{share} {'longer' if stops > 0 else 'shorter'} than the scene's median device"
    more, less = ("longer", "shorter") if quantity.column.unit == "s" else ("higher", "lower")
    side = more if stops > 0 else less
    return f"{number(abs(stops), 1)} EV {side} than the scene's median device"


def _strip(quantity: Quantity, scene: Scene, key: Competitor) -> Strip:
    by: Mapping[Competitor, list[float]] = quantity.values.get(scene.name, {})
    own = by.get(key)
    if own is None:
        return Strip(NONE, Markup())
    text = _median_text(quantity.column, median(own))
    field = _median_text(quantity.column, quantity.medians[scene.name])
    label = f"{heading(quantity.column)} {text}; the scene's median device: {field}"
    return Strip(
        text=text,
        chart=strip_svg(quantity.axis, own, field=quantity.fields[scene.name], label=label),
    )


def _median_text(column: Column, value: float) -> str:
    """A median as text; ISO is rounded, because half ISO values don't exist."""
    return cell(column, float(round(value)) if column.unit == "ISO" else value) or NONE
