"""Student's t, and ranks by the rule of "clearly better"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONFIDENCE = 0.95
ROUNDING = 1e-9
"""Scores closer than this are equal: it is far above float64 noise, far below any meaning."""


def t_quantile(df: int) -> float:
    """Two-sided 95 % quantile of Student's t with `df` >= 1 degrees of freedom.

    Example:
        >>> round(t_quantile(4), 4)
        2.7764
    """
    return float(stdtrit(df, (1 + CONFIDENCE) / 2))


def t_quantiles(df: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same for many degrees of freedom, which need not be whole numbers."""
    found: NDArray[np.float64] = stdtrit(df, (1 + CONFIDENCE) / 2)
    return found


def clearly_better(
    scores: NDArray[np.float64],
    half_widths: NDArray[np.float64] | None,
    *,
    tie_jod: float,
    jod_per_unit: float | None,
) -> NDArray[np.bool_]:
    """Matrix of the pairs in which one competitor is clearly better.

    A gap is clear when its interval excludes 0 and it is at least `tie_jod`. What can't be known
    isn't asked: without interval the JOD decide alone, without `jod_per_unit` the interval does.
    Without both, nothing is clear.

    Args:
        scores: (n,), higher is better.
        half_widths: of the 95 % interval of each gap, (n, n), or (1, 1) for all alike, in units of
            score; None: unknown.
        tie_jod: smaller gaps are ties, in JOD.
        jod_per_unit: JOD for one unit of score; None: unknown.

    Returns:
        (n, n); [i, j] is True where i is clearly better than j.
    """
    gaps = scores[:, None] - scores[None, :]
    if half_widths is None and jod_per_unit is None:
        return np.zeros(gaps.shape, dtype=np.bool_)
    clear = gaps > ROUNDING
    if half_widths is not None:
        clear &= gaps > half_widths
    if jod_per_unit is not None:
        clear &= gaps * jod_per_unit >= tie_jod - ROUNDING
    return clear


def ranks(
    scores: NDArray[np.float64], clear: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rank, and the best and the worst rank that the data allow, each (n,) from 1.

    The rank is the position by score; equal scores share the smaller number (1, 2, 2, 4). The
    range is 1 + those clearly better to n - those clearly worse. "Tied" isn't transitive, so
    ranges may overlap like scales.
    """
    return (
        positions(scores),
        1 + clear.sum(axis=0),
        len(scores) - clear.sum(axis=1),
    )


def positions(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Ranks by score alone, (n,) from 1; equal scores share the smaller number (1, 2, 2, 4)."""
    above = scores[None, :] > scores[:, None] + ROUNDING
    return 1 + above.sum(axis=1)


def mean_and_half(values: Sequence[float]) -> tuple[float, float | None]:
    """Mean, and half of its 95 % interval by Student's t; None: of one value.

    Raises:
        ZeroDivisionError: there are no values.
    """
    mean = math.fsum(values) / len(values)
    df = len(values) - 1
    if df == 0:
        return mean, None
    variance = math.fsum((value - mean) ** 2 for value in values) / df
    return mean, t_quantile(df) * math.sqrt(variance / len(values))
