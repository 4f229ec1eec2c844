"""Ranks within each scene, with the noise of a take pooled over all scenes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from piqa_cli.rank.cells import Cells
from piqa_cli.rank.intervals import clearly_better, ranks, t_quantile
from piqa_cli.rank.records import Rules
from piqa_cli.records import SceneRank

if TYPE_CHECKING:
    from numpy.typing import NDArray


def scene_ranks(cells: Cells, rules: Rules) -> Iterator[SceneRank]:
    """Ranks the competitors within each scene by the mean score of their captures.

    The noise of a take is one variance, pooled over all cells with two or more captures
    (df = sum of n - 1); a cell's interval is Student's t with that variance over n. Without such
    a cell intervals are None. For ranges see `intervals.clearly_better`.

    Args:
        cells: all scenes by all competitors.
        rules: of ties and JOD.

    Returns:
        Scene by scene in natural order, by rank in each, equal ranks in natural order of devices.
    """
    noise = _take_noise(cells)
    for column in range(len(cells.scenes)):
        yield from _rank_scene(cells, column, noise, rules)


def _take_noise(cells: Cells) -> float | None:
    """Quantile of t times the pooled standard deviation of one take; None: no cell has two."""
    df = int((cells.n[cells.n > 0] - 1).sum())
    if df == 0:
        return None
    return t_quantile(df) * math.sqrt(float(cells.squares.sum()) / df)


def _rank_scene(
    cells: Cells, column: int, noise: float | None, rules: Rules
) -> Iterator[SceneRank]:
    rows = np.flatnonzero(cells.n[:, column])
    n = cells.n[rows, column]
    scores = cells.mean[rows, column]
    clear = clearly_better(
        scores,
        _gap_half_widths(n, noise),
        tie_jod=rules.tie_jod,
        jod_per_unit=rules.jod_per_unit,
    )
    rank, low, high = ranks(scores, clear)
    figures = (
        rows,
        n,
        scores,
        scores - scores.mean(),
        cells.worst[rows, column],
        cells.squares[rows, column],
        rank,
        low,
        high,
    )
    order = np.argsort(rank, kind="stable")
    for row, taken, score, gap, worst, squares, place, best, last in zip(
        *(figure[order].tolist() for figure in figures), strict=True
    ):
        half = None if noise is None else noise / math.sqrt(taken)
        who = cells.competitors[row]
        yield SceneRank(
            scene=cells.scenes[column],
            condition=cells.conditions[column],
            device=who.device,
            firmware=who.firmware,
            n_captures=taken,
            score=score,
            gap_to_scene_mean=gap,
            worst_score=worst,
            spread=math.sqrt(squares / (taken - 1)) if taken > 1 else None,
            ci_low=None if half is None else score - half,
            ci_high=None if half is None else score + half,
            rank=place,
            rank_low=best,
            rank_high=last,
        )


def _gap_half_widths(n: NDArray[np.int64], noise: float | None) -> NDArray[np.float64] | None:
    """Half widths of the gaps' intervals: noise * sqrt(1/n_a + 1/n_b).

    (D, D), or (1, 1) where all have as many captures.
    """
    if noise is None:
        return None
    share = 1 / (n[:1] if (n == n[0]).all() else n)
    half: NDArray[np.float64] = noise * np.sqrt(share[:, None] + share[None, :])
    return half
