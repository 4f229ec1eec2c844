"""A scene's scatter plot as inline SVG: scores to the right, ratings upwards, the fitted curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from piqa_cli.evaluate.logistic import Curve
from piqa_cli.evaluate.scene import RatedPhoto
from piqa_cli.write.charts import Axis, axis_of
from piqa_cli.write.printable import printable
from piqa_cli.write.wording import number, signed

WIDTH, HEIGHT = 340, 250  # units of the drawing; it scales with its column
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 10, 8, 36
_CURVE_POINTS = 61
_TICKS_AT_MOST = 6
_MANY = 200  # points, from where smaller dots tell more


@dataclass(frozen=True, slots=True)
class Point:
    """One dot, and what its tooltip says."""

    x: float
    y: float
    title: str


def photo_point(photo: RatedPhoto, rating: str) -> Point:
    """A photograph as a dot: score to the right, rating upwards."""
    spread = f" ± {photo.truth_std:.2f}" if photo.truth_std is not None else ""
    device = f", {photo.device}" if photo.device else ""
    title = (
        f"{photo.path}{device}: score {signed(photo.score)}, {rating} {signed(photo.truth)}{spread}"
    )
    return Point(photo.score, photo.truth, title)


def scatter_svg(
    points: Sequence[Point], curve: Curve | None, *, names: tuple[str, str], label: str
) -> Markup:
    """One plot with axes of its own: scores of two scenes are never on one axis.

    Args:
        points: the dots.
        curve: drawn over the range of x; None: none.
        names: of the horizontal and the vertical axis.
        label: the plot in words, for those who can't see it.
    """
    xs = [point.x for point in points]
    line = _curve_points(min(xs), max(xs), curve)
    x_axis = axis_of(xs, zero=False, ticks_at_most=_TICKS_AT_MOST)
    ys = [point.y for point in points] + [y for _, y in line]
    y_axis = axis_of(ys, zero=False, ticks_at_most=_TICKS_AT_MOST)
    path = "M" + "L".join(f"{_x(x_axis, x):.1f} {_y(y_axis, y):.1f}" for x, y in line)
    radius = 3.5 if len(points) <= _MANY else 1.6
    parts = [
        _grid(x_axis, y_axis),
        *(_dot(point, x_axis, y_axis, radius) for point in points),
        Markup('<path class="fit" d="{}"/>').format(path) if line else Markup(),
        _axis_names(*names),
    ]
    return Markup(
        '<svg class="scatter" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(WIDTH, HEIGHT, printable(label), Markup("").join(parts))


def _curve_points(low: float, high: float, curve: Curve | None) -> list[tuple[float, float]]:
    if curve is None:
        return []
    steps = np.linspace(low, high, _CURVE_POINTS)
    return list(zip(steps.tolist(), curve.at(steps).tolist(), strict=True))


def _x(axis: Axis, value: float) -> float:
    share = (value - axis.low) / (axis.high - axis.low)
    return _LEFT + share * (WIDTH - _LEFT - _RIGHT)


def _y(axis: Axis, value: float) -> float:
    share = (value - axis.low) / (axis.high - axis.low)
    return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)


def _grid(x_axis: Axis, y_axis: Axis) -> Markup:
    floor = HEIGHT - _BOTTOM
    vertical = (
        Markup(
            '<line class="grid" x1="{x}" x2="{x}" y1="{top}" y2="{floor}"/>'
            '<text x="{x}" y="{below}" text-anchor="middle">{text}</text>'
        ).format(x=f"{_x(x_axis, t):.1f}", top=_TOP, floor=floor, below=floor + 14, text=text)
        for t, text in _labelled(x_axis)
    )
    horizontal = (
        Markup(
            '<line class="grid" x1="{left}" x2="{right}" y1="{y}" y2="{y}"/>'
            '<text x="{before}" y="{y}" dy="4" text-anchor="end">{text}</text>'
        ).format(
            y=f"{_y(y_axis, t):.1f}", left=_LEFT, right=WIDTH - _RIGHT, before=_LEFT - 6, text=text
        )
        for t, text in _labelled(y_axis)
    )
    return Markup("").join((*vertical, *horizontal))


def _labelled(axis: Axis) -> list[tuple[float, str]]:
    """Ticks with as many decimals as tell them apart."""
    digits = next((n for n in range(6) if all(abs(t - round(t, n)) < 1e-9 for t in axis.ticks)), 6)
    return [(tick, number(tick, digits)) for tick in axis.ticks]


def _dot(point: Point, x_axis: Axis, y_axis: Axis, radius: float) -> Markup:
    return Markup('<circle class="point" cx="{}" cy="{}" r="{}"><title>{}</title></circle>').format(
        f"{_x(x_axis, point.x):.1f}", f"{_y(y_axis, point.y):.1f}", radius, printable(point.title)
    )


def _axis_names(below: str, beside: str) -> Markup:
    middle_x, middle_y = (_LEFT + WIDTH - _RIGHT) / 2, (_TOP + HEIGHT - _BOTTOM) / 2
    return Markup(
        '<text x="{x}" y="{bottom}" text-anchor="middle">{below}</text>'
        '<text transform="translate(11 {y}) rotate(-90)" text-anchor="middle">{beside}</text>'
    ).format(
        x=f"{middle_x:.1f}",
        bottom=HEIGHT - 4,
        y=f"{middle_y:.1f}",
        below=printable(below),
        beside=printable(beside),
    )
