"""Boxes: pure functions, and the two frames of reference of a face box.

The detector finds a box in *working* pixels and rounds it there to whole pixels; tables keep it in
pixels of the upright *original*. Scaling back gives the same whole pixels again, so a
score computed from a table's box equals the one computed at once.
"""

from __future__ import annotations

import math

from piqa_cli.records import Box, PhotoFacts

# Distance to a whole pixel: far above rounding errors (1e-11), far below anything visible.
_SNAP_PX = 1e-6


def area(box: Box) -> float:
    """Width times height; 0 for a box without inside.

    >>> area(Box(2, 3, 5, 7)), area(Box(5, 0, 2, 9))
    (12, 0)
    """
    return max(box.x1 - box.x0, 0) * max(box.y1 - box.y0, 0)


def clamp(box: Box, width_px: float, height_px: float) -> Box:
    """The part of a box that lies inside a picture; it has no area where nothing does."""
    return Box(
        min(max(box.x0, 0), width_px),
        min(max(box.y0, 0), height_px),
        min(max(box.x1, 0), width_px),
        min(max(box.y1, 0), height_px),
    )


def round_box(box: Box) -> Box:
    """Every corner to the nearest whole pixel, halves upwards.

    >>> round_box(Box(0.4, 0.5, 10.49, 11.5))
    Box(x0=0, y0=1, x1=10, y1=12)
    """
    return Box(*(math.floor(edge + 0.5) for edge in _edges(box)))


def scale(box: Box, factor_x: float, factor_y: float) -> Box:
    """A box in a picture resized by these factors."""
    return Box(box.x0 * factor_x, box.y0 * factor_y, box.x1 * factor_x, box.y1 * factor_y)


def to_working(box: Box, facts: PhotoFacts) -> tuple[float, float, float, float]:
    """A box of the upright original in working pixels, (x0, y0, x1, y1).

    Not rounded, but whole pixels that `to_original` spread come back whole, so that it doesn't
    matter how a model rounds them.

    Args:
        box: in pixels of the upright original.
        facts: of the photograph.
    """
    working = _edges(
        _ratio(
            box,
            (facts.working_width_px, facts.width_px),
            (facts.working_height_px, facts.height_px),
        )
    )
    x0, y0, x1, y1 = (_snapped(edge) for edge in working)
    return x0, y0, x1, y1


def to_original(box: Box, facts: PhotoFacts) -> Box:
    """A box in working pixels as a box in pixels of the upright original, not rounded."""
    return _ratio(
        box,
        (facts.width_px, facts.working_width_px),
        (facts.height_px, facts.working_height_px),
    )


def _ratio(box: Box, across: tuple[int, int], down: tuple[int, int]) -> Box:
    """Scales by fractions, multiplying first: whole pixels stay exact where sizes are equal."""
    return Box(
        box.x0 * across[0] / across[1],
        box.y0 * down[0] / down[1],
        box.x1 * across[0] / across[1],
        box.y1 * down[0] / down[1],
    )


def _snapped(edge: float) -> float:
    """The edge without the rounding error that scaling there and back leaves."""
    whole = round(edge)
    return float(whole) if abs(edge - whole) < _SNAP_PX else edge


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1
