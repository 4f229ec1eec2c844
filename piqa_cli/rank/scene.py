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
    gaps = scores - scores.mean()
    for i in np.argsort(rank, kind="stable"):
        row, score = rows[i], float(scores[i])
        half = None if noise is None else noise / math.sqrt(n[i])
        who = cells.competitors[row]
        yield SceneRank(
            scene=cells.scenes[column],
            condition=cells.conditions[column],
            device=who.device,
            firmware=who.firmware,
            n_captures=int(n[i]),
            score=score,
            gap_to_scene_mean=float(gaps[i]),
            worst_score=float(cells.worst[row, column]),
            spread=math.sqrt(cells.squares[row, column] / (n[i] - 1)) if n[i] > 1 else None,
            ci_low=None if half is None else score - half,
            ci_high=None if half is None else score + half,
            rank=int(rank[i]),
            rank_low=int(low[i]),
            rank_high=int(high[i]),
        )


def _gap_half_widths(n: NDArray[np.int64], noise: float | None) -> NDArray[np.float64] | None:
    """Half widths of the gaps' intervals, (D, D): noise * sqrt(1/n_a + 1/n_b)."""
    return None if noise is None else noise * np.sqrt(1 / n[:, None] + 1 / n[None, :])
