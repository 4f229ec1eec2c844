"""A scene's scatter plot as inline SVG: scores to the right, ratings upwards, the fitted curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from piqa_cli.evaluate.logistic import Curve
from piqa_cli.evaluate.scene import RatedPhoto
from piqa_cli.report.charts.axis import Axis, axis_of, tick_digits
from piqa_cli.report.charts.frame import Frame
from piqa_cli.report.escaping import printable
from piqa_cli.report.text import number, signed

FRAME = Frame(340, 250, left=44, right=10, top=8, bottom=36)  # the drawing scales with its column
_CURVE_POINTS = 61
_TICKS_AT_MOST = 6
_MANY = 200  # points; plots with more of them have smaller dots


@dataclass(frozen=True, slots=True)
class Point:
    """One dot, with the text of its tooltip."""

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
    path = "M" + "L".join(f"{FRAME.x(x_axis, x):.1f} {FRAME.y(y_axis, y):.1f}" for x, y in line)
    radius = 3.5 if len(points) <= _MANY else 1.6
    parts = [
        _grid(x_axis, y_axis),
        *(_dot(point, x_axis, y_axis, radius) for point in points),
        Markup('<path class="fit" d="{}"/>').format(path) if line else Markup(),
        FRAME.axis_names(*names),
    ]
    return Markup(
        '<svg class="scatter" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(FRAME.width, FRAME.height, printable(label), Markup("").join(parts))


def _curve_points(low: float, high: float, curve: Curve | None) -> list[tuple[float, float]]:
    if curve is None:
        return []
    steps = np.linspace(low, high, _CURVE_POINTS)
    return list(zip(steps.tolist(), curve.at(steps).tolist(), strict=True))


def _grid(x_axis: Axis, y_axis: Axis) -> Markup:
    upright = (FRAME.upright_line(FRAME.x(x_axis, t), text) for t, text in _labelled(x_axis))
    level = (FRAME.level_line(FRAME.y(y_axis, t), text) for t, text in _labelled(y_axis))
    return Markup("").join((*upright, *level))


def _labelled(axis: Axis) -> list[tuple[float, str]]:
    """Ticks with as many decimals as make them differ."""
    digits = tick_digits(axis.ticks, most=6)
    return [(tick, number(tick, digits)) for tick in axis.ticks]


def _dot(point: Point, x_axis: Axis, y_axis: Axis, radius: float) -> Markup:
    return Markup('<circle class="point" cx="{}" cy="{}" r="{}"><title>{}</title></circle>').format(
        f"{FRAME.x(x_axis, point.x):.1f}",
        f"{FRAME.y(y_axis, point.y):.1f}",
        radius,
        printable(point.title),
    )
