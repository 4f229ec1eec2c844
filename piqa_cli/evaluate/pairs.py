"""Pair accuracy: how often the better-rated of two photographs has the better score, by gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from piqa_cli.evaluate.aggregate import OverScenes, over_scenes
from piqa_cli.evaluate.scene import RatedPhoto

EDGES = (0.25, 0.5, 1.0, 2.0)
_TIE = 1e-9
"""Ratings closer than this are equal; gaps are rounded so before they are binned."""


@dataclass(frozen=True, slots=True)
class GapBin:
    """Pairs within scenes whose ratings differ by `low` <= gap < `high`.

    Attributes:
        low, high: in the unit of the gap; `high` None: no upper end.
        n_pairs: of all scenes; pairs with equal ratings are no pairs.
        n_score_ties: pairs with equal scores; each counts as half right.
        accuracy: share of the pairs ranked rightly, all scenes together; None without pairs.
        scenes: the same share taken scene by scene, over scenes.
    """

    low: float
    high: float | None
    n_pairs: int
    n_score_ties: int
    accuracy: float | None
    scenes: OverScenes


def pair_accuracy(scenes: Sequence[Sequence[RatedPhoto]], *, unit: float) -> tuple[GapBin, ...]:
    """Pair accuracy by gap; only photographs of one scene are ever compared.

    Args:
        scenes: the photographs of each scene.
        unit: what one unit of gap is, in units of the rating: 1 for JOD.

    Returns:
        One bin for each gap, from small to large.
    """
    counts = np.stack([_count(photos, unit) for photos in scenes])  # (scene, kind, bin)
    lows, highs = (0.0, *EDGES), (*EDGES, None)
    return tuple(
        _gap_bin(low, high, counts[:, :, i])
        for i, (low, high) in enumerate(zip(lows, highs, strict=True))
    )


def _gap_bin(low: float, high: float | None, counts: np.ndarray) -> GapBin:
    """One bin from (scene, kind) counts."""
    n_pairs, n_ties, right = counts.sum(axis=0)
    there = counts[:, 0] > 0
    return GapBin(
        low=low,
        high=high,
        n_pairs=int(n_pairs),
        n_score_ties=int(n_ties),
        accuracy=float(right / n_pairs) if n_pairs else None,
        scenes=over_scenes(
            (counts[there, 2] / counts[there, 0]).tolist(), low=0.0, high=1.0, shares=True
        ),
    )


def _count(photos: Sequence[RatedPhoto], unit: float) -> np.ndarray:
    """Pairs, pairs with equal scores, and rightly ranked pairs of one scene: (3, bins)."""
    scores = np.array([photo.score for photo in photos])
    truth = np.array([photo.truth for photo in photos]) / unit
    counts = np.zeros((3, len(EDGES) + 1))
    for i in range(len(photos) - 1):
        gaps = np.round(truth[i + 1 :] - truth[i], 9)
        signs = np.sign(scores[i + 1 :] - scores[i]) * np.sign(gaps)
        there = np.abs(gaps) > _TIE
        bins = np.searchsorted(EDGES, np.abs(gaps[there]), side="right")
        for kind, weights in enumerate((None, signs[there] == 0, (signs[there] + 1) / 2)):
            counts[kind] += np.bincount(bins, weights, minlength=len(EDGES) + 1)
    return counts


def pooled_sd(scenes: Sequence[Sequence[RatedPhoto]]) -> float:
    """Standard deviation of ratings within scenes, pooled: the unit of gaps that aren't JOD.

    Returns:
        A positive number; 1 where no scene has two different ratings.
    """
    squares = df = 0.0
    for photos in scenes:
        truth = np.array([photo.truth for photo in photos])
        squares += float(np.sum((truth - truth.mean()) ** 2))
        df += len(photos) - 1
    return float(np.sqrt(squares / df)) if squares > 0 else 1.0
