"""The signed-rank test on few scenes, and Holm's adjustment for several tests at once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from piqa_cli.rank.intervals import ROUNDING

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVEL = 0.05
_EXACT_TO = 50  # differences; for more, the normal approximation is good to the third digit


def signed_rank_p(differences: NDArray[np.float64]) -> float:
    """Two-sided p-value of Wilcoxon's signed-rank test.

    Zeros are dropped and equal sizes share their mean rank (Wilcoxon, Individual Comparisons by
    Ranking Methods, 1945). Up to 50 differences the p-value is exact, with equal sizes too: under
    the hypothesis every sign is a fair coin, so the distribution of the rank sum is the product
    of (1 + x^rank) / 2 over the ranks that occur.

    Args:
        differences: finite, (n,).

    Example:
        >>> signed_rank_p(np.array([0.3, 0.1, 0.4, 0.2, 0.6, 0.5]))
        0.03125
    """
    rounded = np.round(differences / ROUNDING) * ROUNDING  # so that float noise breaks no tie
    rounded = rounded[rounded != 0]
    if not len(rounded):
        return 1.0
    doubled = _doubled_ranks(np.abs(rounded))
    positive = int(doubled[rounded > 0].sum())
    smaller = min(positive, int(doubled.sum()) - positive)
    tail = _exact_tail if len(rounded) <= _EXACT_TO else _normal_tail
    return min(1.0, 2 * tail(doubled, smaller))


def _doubled_ranks(sizes: NDArray[np.float64]) -> NDArray[np.int64]:
    """Twice the mean ranks, which are whole numbers, (n,)."""
    _, where, counts = np.unique(sizes, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (2 * last - counts + 1)[where]


def _exact_tail(doubled: NDArray[np.int64], smaller: int) -> float:
    """P(rank sum <= smaller); all in doubled ranks."""
    chance = np.zeros(int(doubled.sum()) + 1)
    chance[0] = 1.0
    for rank in doubled.tolist():
        moved = np.zeros_like(chance)
        moved[rank:] = chance[:-rank]
        chance = (chance + moved) / 2
    return float(chance[: smaller + 1].sum())


def _normal_tail(doubled: NDArray[np.int64], smaller: int) -> float:
    """The same by the normal distribution; its variance is exact for the ranks that occur."""
    variance = float(np.sum(doubled.astype(np.float64) ** 2)) / 4
    return float(ndtr((smaller - float(doubled.sum()) / 2) / math.sqrt(variance)))


def smallest_p(n: NDArray[np.int64]) -> NDArray[np.float64]:
    """The smallest p-value that so many differences can give: all of one sign, 2 / 2^n."""
    return np.minimum(1.0, 2.0 ** (1 - n.astype(np.float64)))


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Adjusted p-values (Holm, A Simple Sequentially Rejective Multiple Test Procedure, 1979).

    Example:
        >>> holm(np.array([0.04, 0.01, 0.03])).tolist()
        [0.06, 0.03, 0.06]
    """
    order = np.argsort(p, kind="stable")
    raised = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, raised)
    return adjusted


def reachable(n: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Marks the tests of a family with enough differences for any outcome to reach .05.

    The tests with the fewest leave the family until every one that is left could still be
    significant after Holm's adjustment. That looks at counts only, never at scores, so the level
    of the others holds (Tarone, A Modified Bonferroni Method for Discrete Data, 1990).

    Args:
        n: differences of each test, (m,).

    Example:
        >>> reachable(np.array([5, 8, 9])).tolist()
        [False, True, True]
    """
    kept = np.ones(len(n), dtype=np.bool_)
    while kept.any() and holm(smallest_p(n[kept])).max() > LEVEL:
        kept &= n > n[kept].min()
    return kept
