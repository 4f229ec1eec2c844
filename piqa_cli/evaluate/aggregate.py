"""Median and mean of a figure over scenes, each with a 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr, betaincinv

from piqa_cli.evaluate.scene import METRICS, SceneAgreement
from piqa_cli.rank.intervals import CONFIDENCE, t_quantile

_EQUAL = 1e-9  # figures closer than this are the same


@dataclass(frozen=True, slots=True)
class OverScenes:
    """One figure over the scenes in which it exists; every scene weighs the same.

    Attributes:
        n_scenes: scenes that have the figure.
        median, mean: over them; the median of an even number is the mean of the middle two.
        median_low, median_high: distribution-free 95 % interval between two order statistics;
            None under 6 scenes, where no such interval reaches 95 %.
        mean_low, mean_high: Student's t over scenes; None under 2 scenes. Where all scenes have
            the same figure, t would have no width: for a share it is then the interval of Clopper
            and Pearson over scenes, for other figures None.
    """

    n_scenes: int
    median: float | None = None
    median_low: float | None = None
    median_high: float | None = None
    mean: float | None = None
    mean_low: float | None = None
    mean_high: float | None = None


def over_scenes(
    values: Sequence[float], *, low: float, high: float, shares: bool = False
) -> OverScenes:
    """Median and mean of one figure per scene.

    Args:
        values: one a scene.
        low: the least value that the figure can have; intervals are cut there.
        high: the largest one.
        shares: the figure is a share of something, 0..1.
    """
    n = len(values)
    if n == 0:
        return OverScenes(0)
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    depth = _interval_depth(n)
    mean_low = mean_high = None
    if n > 1 and float(np.ptp(ordered)) > _EQUAL:
        half = t_quantile(n - 1) * float(ordered.std(ddof=1)) / np.sqrt(n)
        mean_low = float(max(ordered.mean() - half, low))
        mean_high = float(min(ordered.mean() + half, high))
    elif n > 1 and shares:
        mean_low, mean_high = _clopper_pearson(float(ordered[0]), n)
    return OverScenes(
        n_scenes=n,
        median=float(np.median(ordered)),
        median_low=float(ordered[depth - 1]) if depth else None,
        median_high=float(ordered[n - depth]) if depth else None,
        mean=float(ordered.mean()),
        mean_low=mean_low,
        mean_high=mean_high,
    )


def _clopper_pearson(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share that n scenes agree on, each scene as one trial.

    Clopper and Pearson, The Use of Confidence or Fiducial Limits, 1934, in its beta form.

    >>> low, high = _clopper_pearson(1.0, 10)
    >>> round(low, 3), high
    (0.692, 1.0)
    """
    tail, right, wrong = (1 - CONFIDENCE) / 2, share * n, (1 - share) * n
    low = float(betaincinv(right, wrong + 1, tail)) if right > 0 else 0.0
    high = float(betaincinv(right + 1, wrong, 1 - tail)) if wrong > 0 else 1.0
    return low, high


def _interval_depth(n: int) -> int:
    """The largest k for which (k-th smallest, k-th largest) holds the median in 95 % of cases.

    The k-th smallest lies above the median with probability P(Bin(n, 1/2) < k), the k-th largest
    below it with the same (David and Nagaraja, Order Statistics, 2003, section 7.1).

    Returns:
        k from 1; 0: no k reaches 95 %.
    """
    depth = 0
    while depth < n // 2 and 2 * bdtr(depth, n, 0.5) <= 1 - CONFIDENCE:
        depth += 1
    return depth


def aggregate(scenes: Sequence[SceneAgreement]) -> dict[str, OverScenes]:
    """Every metric over the scenes in which it exists."""
    return {
        name: over_scenes(
            [value for scene in scenes if (value := scene.metric(name)) is not None],
            low=0.0 if name == "mae" else -1.0,
            high=np.inf if name == "mae" else 1.0,
        )
        for name in METRICS
    }
