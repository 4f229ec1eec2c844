"""Meaning of a JOD (just objectionable difference) for people."""

from __future__ import annotations

from math import erfc, sqrt

_Z_OF_75_PERCENT = 0.6745  # 1 JOD: 75 % of observers prefer the better one


def preference(gap: float, jod_per_unit: float | None) -> float | None:
    """Share that prefers the one `gap` ahead, 0..1; None without a JOD scale.

    Args:
        gap: in units of score.
        jod_per_unit: JOD for one unit of score; None: unknown.

    Example:
        >>> round(preference(0.5, 2.0), 3)
        0.75
    """
    return None if jod_per_unit is None else share_preferring(gap * jod_per_unit)


def share_preferring(gap_jod: float) -> float:
    """Share that prefers the one `gap_jod` ahead, 0..1: the normal distribution's Phi.

    Example:
        >>> round(share_preferring(-1), 3)
        0.25
    """
    return 0.5 * erfc(-_Z_OF_75_PERCENT * gap_jod / sqrt(2))
