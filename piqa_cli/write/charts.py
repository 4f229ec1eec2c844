"""Charts as inline SVG: no library, no script, sharp in print, coloured by the style sheet.

Positions are percentages, so a chart fills its table cell at any width and nothing is distorted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from piqa_cli.write.wording import number, signed

HEAT_LEVELS = 5  # steps of colour on each side of zero
_INSET_PERCENT = 3.0  # keeps dots and tick labels off the edges
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
_NICE_LIMITS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """A horizontal axis.

    Attributes:
        low, high: its ends, in score units.
        ticks: values that get a line.
        zero: whether zero is a line of its own (effects) or nothing special (scores).
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    zero: bool

    def at(self, value: float) -> str:
        """Where a value lies, as an SVG length."""
        share = (value - self.low) / (self.high - self.low)
        return f"{_INSET_PERCENT + (100 - 2 * _INSET_PERCENT) * min(max(share, 0), 1):.2f}%"


def axis_of(values: Iterable[float | None], *, zero: bool, ticks_at_most: int = 6) -> Axis:
    """An axis with round ticks that holds all values (None aside), and zero where asked."""
    known = [value for value in values if value is not None] + ([0.0] if zero else [])
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if high - low < 1e-6:
        low, high = low - 0.5, high + 0.5
    step = nice((high - low) / (ticks_at_most - 1))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(round(n * step, 10) for n in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], ticks, zero)


def nice(value: float, series: Sequence[float] = _NICE) -> float:
    """The next number upwards that is one of a series times a power of ten.

    >>> nice(0.13), nice(3.1)
    (0.2, 5.0)
    """
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * step for step in series if power * step >= value * (1 - 1e-9))


def axis_svg(axis: Axis) -> Markup:
    """The labels of an axis, for the head of a table."""
    form = signed if axis.zero else number
    digits = _digits(axis.ticks)
    labels = Markup("").join(
        Markup('<text x="{}" y="12" text-anchor="middle">{}</text>').format(
            axis.at(tick), form(tick, digits)
        )
        for tick in axis.ticks
    )
    return Markup('<svg class="axis" height="14" aria-hidden="true">{}</svg>').format(labels)


def _digits(ticks: Sequence[float]) -> int:
    """Decimals that tell the ticks apart."""
    return next((n for n in range(4) if all(abs(t - round(t, n)) < 1e-9 for t in ticks)), 4)


def lines_css(axis: Axis) -> str:
    """The lines of an axis as a CSS background: for long tables, whose rows then hold marks only.

    >>> lines_css(Axis(0.0, 1.0, (0.0,), zero=True))
    'linear-gradient(var(--zero) 0 0) 3.00%/1px'
    """
    colours = ["zero" if axis.zero and tick == 0 else "grid" for tick in axis.ticks]
    return ",".join(
        f"linear-gradient(var(--{colour}) 0 0) {axis.at(tick)}/1px"
        for colour, tick in sorted(zip(colours, axis.ticks, strict=True), reverse=True)
    )


def marks_svg(
    axis: Axis, score: float, *, low: float | None, high: float | None, label: str | None
) -> Markup:
    """A row of a dot plot without the lines of its axis (`lines_css` draws them).

    Args:
        axis: shared by the rows of a table.
        score: the dot.
        low: where the 95 % interval begins; None: can't be known, so none is drawn.
        high: where it ends.
        label: the row in words; None: the cells beside it say the same.
    """
    parts = [_interval(axis, low, high), _dot(axis, score)]
    named = Markup('role="img" aria-label="{}"').format(label) if label else 'aria-hidden="true"'
    return Markup('<svg class="row" {}>{}</svg>').format(Markup(named), Markup("").join(parts))


def _interval(axis: Axis, low: float | None, high: float | None) -> Markup:
    if low is None or high is None:
        return Markup()
    return Markup('<line class="ci" x1="{}" x2="{}" y1="50%" y2="50%"/>').format(
        axis.at(low), axis.at(high)
    )


def _dot(axis: Axis, score: float) -> Markup:
    return Markup('<circle class="dot" cx="{}" cy="50%" r="4.5"/>').format(axis.at(score))


def interval_svg(
    axis: Axis,
    score: float,
    *,
    low: float | None,
    high: float | None,
    takes: Sequence[float] = (),
    label: str,
) -> Markup:
    """One row of a dot plot: the score, its 95 % interval, and single captures as small strokes.

    Args:
        axis: shared by the rows of a table.
        score: the dot.
        low: where the interval begins; None: can't be known, so none is drawn.
        high: where it ends.
        takes: scores of the single captures.
        label: the row in words, for those who can't see it.
    """
    parts = [_grid(axis)]
    parts.append(_interval(axis, low, high))
    if takes:
        parts.append(_strokes(axis, takes))
    parts.append(_dot(axis, score))
    return Markup('<svg class="row" role="img" aria-label="{}">{}</svg>').format(
        label, Markup("").join(parts)
    )


@lru_cache(maxsize=64)  # the rows of a table share their axis
def _grid(axis: Axis) -> Markup:
    """The lines of the ticks behind a row."""
    return Markup("").join(
        Markup('<line class="{}" x1="{}" x2="{}" y1="0" y2="100%"/>').format(
            "zero" if axis.zero and tick == 0 else "grid", axis.at(tick), axis.at(tick)
        )
        for tick in axis.ticks
    )


def _strokes(axis: Axis, takes: Sequence[float]) -> Markup:
    """Single captures; in a coordinate system of their own, to stay short in tall rows."""
    strokes = Markup("").join(
        Markup('<line class="take" x1="{}" x2="{}" y1="-9" y2="9"/>').format(
            axis.at(take), axis.at(take)
        )
        for take in takes
    )
    return Markup('<svg y="50%" overflow="visible">{}</svg>').format(strokes)


def heat_limit(gaps: Iterable[float]) -> float:
    """The gap that gets the strongest colour: the largest one, rounded up; the same both ways."""
    return nice(max((abs(gap) for gap in gaps), default=1.0) or 1.0, _NICE_LIMITS)


def heat_level(gap: float, limit: float) -> int:
    """The colour step of a gap, -5..5; 0 is neutral.

    >>> heat_level(0.5, 1.0), heat_level(-2, 1.0)
    (2, -5)
    """
    return max(-HEAT_LEVELS, min(HEAT_LEVELS, round(HEAT_LEVELS * gap / limit)))
