"""Dot plots with intervals as inline SVG: no library, no script, coloured by the style sheet.

Positions are percentages, so a chart fills its table cell at any width and nothing is distorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from piqa_cli.report.charts.axis import Axis, tick_digits
from piqa_cli.report.text import number, signed

_SLACK = 0.005  # of the axis; who ends so near to its end gets no arrow


def axis_svg(axis: Axis) -> Markup:
    """The labels of an axis, for the head of a table."""
    form = signed if axis.zero else number
    digits = tick_digits(axis.ticks, most=4)
    labels = Markup("").join(
        Markup('<text x="{}" y="12" text-anchor="middle">{}</text>').format(
            axis.at(tick), form(tick, digits)
        )
        for tick in axis.ticks
    )
    return Markup('<svg class="axis" height="14" aria-hidden="true">{}</svg>').format(labels)


def lines_css(axis: Axis) -> str:
    """The lines of an axis as a CSS background, so that rows of long tables hold marks only.

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
        label: the row in words; None: the cells beside it have the same content.
    """
    parts = [interval_line(axis, low, high), dot(axis, score)]
    named = Markup('role="img" aria-label="{}"').format(label) if label else 'aria-hidden="true"'
    return Markup('<svg class="row" {}>{}</svg>').format(Markup(named), Markup("").join(parts))


def interval_line(axis: Axis, low: float | None, high: float | None) -> Markup:
    """The bar of a 95 % interval; nothing where it can't be known."""
    if low is None or high is None:
        return Markup()
    bar = Markup('<line class="ci" x1="{}" x2="{}" y1="50%" y2="50%"/>').format(
        axis.at(low), axis.at(high)
    )
    return bar + beyond(axis, low) + beyond(axis, high)


def beyond(axis: Axis, value: float) -> Markup:
    """An arrow at the end of the axis that a value lies beyond; nothing where it lies on it."""
    if -_SLACK <= axis.share(value) <= 1 + _SLACK:
        return Markup()
    tip = -7 if value < axis.low else 7
    return Markup(
        '<svg x="{}" y="50%" overflow="visible"><path class="beyond" d="M0-5L{} 0L0 5z"/></svg>'
    ).format(axis.at(value), tip)


def dot(axis: Axis, score: float) -> Markup:
    """The dot of a score."""
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
    parts.append(interval_line(axis, low, high))
    if takes:
        parts.append(_strokes(axis, takes))
    parts.append(dot(axis, score))
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
