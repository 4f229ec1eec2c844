"""SRCC, PLCC and KRCC of two lists of numbers, as pure functions (scipy.stats: 1.4 CPU-s)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_PHOTOS = 4
_Z_OF_95_PERCENT = 1.959964
_EQUAL = 1e-13
"""Spread below this share of the largest number is rounding, not variation."""


def why_undefined(scores: NDArray[np.float64], truth: NDArray[np.float64]) -> str | None:
    """Reason why the two lists have no correlation; None: they have one."""
    if len(scores) < FEWEST_PHOTOS:
        return f"under {FEWEST_PHOTOS} photos"
    if is_constant(scores):
        return "constant scores"
    return "constant truth" if is_constant(truth) else None


def is_constant(values: NDArray[np.float64]) -> bool:
    """True where the numbers differ only by rounding."""
    return bool(np.ptp(values) <= _EQUAL * np.abs(values).max())


def pearson(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Pearson's linear correlation (PLCC), -1..1, of two lists that aren't constant.

    >>> round(pearson(np.array([1.0, 2, 3, 4]), np.array([1.0, 3, 2, 4])), 3)
    0.8
    """
    x, y = x - x.mean(), y - y.mean()
    x, y = x / np.abs(x).max(), y / np.abs(y).max()  # squares can neither overflow nor vanish
    return float(np.clip(x @ y / np.sqrt((x @ x) * (y @ y)), -1, 1))


def average_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1 upwards; equal numbers share the mean of their ranks.

    >>> average_ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist()
    [3.5, 1.0, 3.5, 2.0]
    """
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(sizes)
    means: NDArray[np.float64] = last - (sizes - 1) / 2
    return means[group]


def spearman(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Spearman's rank correlation (SRCC), ties at their mean rank."""
    return pearson(average_ranks(x), average_ranks(y))


def spearman_interval(srcc: float, n: int) -> tuple[float, float] | None:
    """95 % interval of Spearman's correlation of n photographs of one scene.

    Fisher's z with the standard error sqrt((1 + srcc^2 / 2) / (n - 3)) of Bonett and Wright,
    Psychometrika 65 (2000), 23-28. It supposes a sample of photographs, and none is known where
    the order is perfect.

    >>> [round(end, 3) for end in spearman_interval(0.8, 50)]
    [0.647, 0.891]
    """
    if n < FEWEST_PHOTOS or abs(srcc) >= 1 - _EQUAL:
        return None
    half = _Z_OF_95_PERCENT * np.sqrt((1 + srcc**2 / 2) / (n - 3))
    return float(np.tanh(np.arctanh(srcc) - half)), float(np.tanh(np.arctanh(srcc) + half))


def kendall(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Kendall's tau-b (KRCC): Kendall, Biometrika 33 (1945), 239-251.

    tau_b = (concordant - discordant) / sqrt((pairs - ties in x) (pairs - ties in y)). Pairs are
    counted one by one, row by row: n^2 time, n memory.
    """
    balance = untied_x = untied_y = 0
    for i in range(len(x) - 1):
        signs_x, signs_y = np.sign(x[i + 1 :] - x[i]), np.sign(y[i + 1 :] - y[i])
        balance += int(signs_x @ signs_y)
        untied_x += int(np.count_nonzero(signs_x))
        untied_y += int(np.count_nonzero(signs_y))
    return float(np.clip(balance / np.sqrt(float(untied_x) * float(untied_y)), -1, 1))
