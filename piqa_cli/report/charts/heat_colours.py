"""Colour steps of the heat maps."""

from __future__ import annotations

from collections.abc import Iterable

from piqa_cli.report.charts.axis import nice

HEAT_LEVELS = 5  # steps of colour on each side of zero
_NICE_LIMITS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def heat_limit(gaps: Iterable[float]) -> float:
    """The gap that gets the strongest colour: the largest one, rounded up; the same both ways."""
    return nice(max((abs(gap) for gap in gaps), default=1.0) or 1.0, _NICE_LIMITS)


def heat_level(gap: float, limit: float) -> int:
    """The colour step of a gap, -5..5; 0 is neutral.

    >>> heat_level(0.5, 1.0), heat_level(-2, 1.0)
    (2, -5)
    """
    return max(-HEAT_LEVELS, min(HEAT_LEVELS, round(HEAT_LEVELS * gap / limit)))
