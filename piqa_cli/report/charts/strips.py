"""Strip plots on log axes: a device's captures as dots over the field's as pale strokes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from piqa_cli.report.charts.axis import LogAxis

_STEPS = 100  # possible places of the field's strokes: hundreds of captures, one short path


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
