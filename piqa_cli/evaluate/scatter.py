"""A scene's scatter plot as inline SVG: scores to the right, ratings upwards, the fitted curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from piqa_cli.evaluate.logistic import Curve
from piqa_cli.evaluate.scene import RatedPhoto
from piqa_cli.write.charts import Axis, axis_of
from piqa_cli.write.html import printable
from piqa_cli.write.wording import number, signed

WIDTH, HEIGHT = 340, 250  # units of the drawing; it scales with its column
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 10, 8, 36
_CURVE_POINTS = 61
_TICKS_AT_MOST = 6


def scatter_svg(
    photos: Sequence[RatedPhoto], curve: Curve | None, *, rating: str, label: str
) -> Markup:
    """One plot with axes of its own: scores of two scenes are never on one axis.

    Args:
        photos: of the scene; each is a dot with a tooltip.
        curve: drawn over the range of the scores; None: none.
        rating: what the vertical axis is called.
        label: the plot in words, for those who can't see it.
    """
    scores = np.array([photo.score for photo in photos])
    line = _curve_points(scores, curve)
    x_axis = axis_of(scores.tolist(), zero=False, ticks_at_most=_TICKS_AT_MOST)
    ratings = [photo.truth for photo in photos] + [y for _, y in line]
    y_axis = axis_of(ratings, zero=False, ticks_at_most=_TICKS_AT_MOST)
    path = "M" + "L".join(f"{_x(x_axis, x):.1f} {_y(y_axis, y):.1f}" for x, y in line)
    parts = [
        _grid(x_axis, y_axis),
        Markup('<path class="fit" d="{}"/>').format(path) if line else Markup(),
        *(_dot(photo, x_axis, y_axis, rating) for photo in photos),
        _names(rating),
    ]
    return Markup(
        '<svg class="scatter" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(WIDTH, HEIGHT, label, Markup("").join(parts))


def _curve_points(scores: np.ndarray, curve: Curve | None) -> list[tuple[float, float]]:
    if curve is None:
        return []
    steps = np.linspace(scores.min(), scores.max(), _CURVE_POINTS)
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


def _dot(photo: RatedPhoto, x_axis: Axis, y_axis: Axis, rating: str) -> Markup:
    spread = f" ± {photo.truth_std:.2f}" if photo.truth_std is not None else ""
    device = f", {photo.device}" if photo.device else ""
    return Markup(
        '<circle class="point" cx="{}" cy="{}" r="3.5"><title>{}</title></circle>'
    ).format(
        f"{_x(x_axis, photo.score):.1f}",
        f"{_y(y_axis, photo.truth):.1f}",
        f"{printable(photo.path + device)}: score {signed(photo.score)}, "
        f"{rating} {signed(photo.truth)}{spread}",
    )


def _names(rating: str) -> Markup:
    middle_x, middle_y = (_LEFT + WIDTH - _RIGHT) / 2, (_TOP + HEIGHT - _BOTTOM) / 2
    return Markup(
        '<text class="axis-name" x="{x}" y="{bottom}" text-anchor="middle">score</text>'
        '<text class="axis-name" transform="translate(11 {y}) rotate(-90)" text-anchor="middle">'
        "{rating}</text>"
    ).format(x=f"{middle_x:.1f}", bottom=HEIGHT - 4, y=f"{middle_y:.1f}", rating=rating)
