"""Strip plots on log axes: a device's captures as dots over the field's as pale strokes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

_INSET_PERCENT = 6.0  # keeps dots and tick labels off the edges
_STEPS = 100  # places at which the field's strokes may stand: hundreds of captures, one short path
_TICKS_AT_MOST = 4
_TIMES_S = (
    *(1 / n for n in (8000, 4000, 2000, 1000, 500, 250, 125, 60, 30, 15, 8, 4)),
    *(0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0),
)
_SERIES: dict[str, tuple[float, ...]] = {
    "s": _TIMES_S,
    "ISO": tuple(25.0 * 2**n for n in range(15)),
    "mm": (1, 2, 3, 4, 5, 6, 8, 10, 13, 18, 24, 35, 50, 70, 85, 105, 135, 200, 300, 500),
}


@dataclass(frozen=True, slots=True)
class LogAxis:
    """A horizontal logarithmic axis from `low` to `high`, both above zero, with round ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def percent(self, value: float) -> float:
        """Where a value lies, in percent of the width."""
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return _INSET_PERCENT + (100 - 2 * _INSET_PERCENT) * min(max(share, 0.0), 1.0)


def log_axis(values: Iterable[float], unit: str) -> LogAxis:
    """An axis over all values, at least one doubling wide.

    Args:
        values: above zero, at least one.
        unit: `s`, `ISO` or `mm`: ticks stand where cameras have their steps.
    """
    known = list(values)
    low, high = min(known), max(known)
    if high < 2 * low:
        middle = math.sqrt(low * high)
        low, high = middle / math.sqrt(2), middle * math.sqrt(2)
    inside = [tick for tick in _SERIES[unit] if low <= tick * 1.001 and tick <= high * 1.001]
    every = math.ceil(len(inside) / _TICKS_AT_MOST) or 1
    return LogAxis(low, high, tuple(inside[::every]))


def strip_axis_svg(axis: LogAxis, labels: Sequence[str]) -> Markup:
    """The labels of the axis' ticks, for the head of a table."""
    texts = Markup("").join(
        Markup('<text x="{}%" y="12" text-anchor="middle">{}</text>').format(
            f"{axis.percent(tick):.1f}", label
        )
        for tick, label in zip(axis.ticks, labels, strict=True)
    )
    return Markup('<svg class="axis" height="14" aria-hidden="true">{}</svg>').format(texts)


def strip_lines_css(axis: LogAxis) -> str:
    """The lines of the ticks as a CSS background, so that rows hold marks only."""
    lines = (f"linear-gradient(var(--grid) 0 0) {axis.percent(t):.1f}%/1px" for t in axis.ticks)
    return ",".join(lines) or "none"


def field_path(axis: LogAxis, values: Iterable[float]) -> str:
    """The field's captures as the data of one path; equal places are drawn once.

    >>> field_path(LogAxis(1, 100, ()), [1, 1.001, 10])
    'M6 0V1M50 0V1'
    """
    places = sorted({round(axis.percent(value) * _STEPS / 100) for value in values})
    return "".join(f"M{place} 0V1" for place in places)


def strip_svg(axis: LogAxis, values: Sequence[float], *, field: str, label: str) -> Markup:
    """One row: the field's strokes, and a dot for each capture of the device.

    Args:
        axis: shared by the rows of a table.
        values: of the device.
        field: what `field_path` made of everybody's captures.
        label: the row in words, for those who can't see it.
    """
    dots = Markup("").join(
        Markup('<circle class="dot" cx="{}%" cy="50%" r="4"/>').format(f"{place:.1f}")
        for place in sorted({round(axis.percent(value), 1) for value in values})
    )
    return Markup(
        '<svg class="row strip" role="img" aria-label="{}">'
        '<svg viewBox="0 0 {} 1" preserveAspectRatio="none" y="25%" height="50%">'
        '<path class="field" d="{}"/></svg>{}</svg>'
    ).format(label, _STEPS, field, dots)
