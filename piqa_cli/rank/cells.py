"""Captures gathered into the scene x competitor table that all ranking starts from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from piqa_cli.natural import natural
from piqa_cli.rank.records import ScoredCapture
from piqa_cli.settings import By

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Competitor(NamedTuple):
    """Who is ranked: a device, or a device with one firmware."""

    device: str
    firmware: str | None


@dataclass(frozen=True, slots=True)
class Cells:
    """The table of D competitors x S scenes, both in natural order.

    Attributes:
        competitors, scenes: names of rows and columns.
        conditions: of the scenes, in their order.
        n: captures, (D, S) int64; 0 where the cell is missing.
        mean: mean score, (D, S) float64; NaN where missing.
        worst: lowest score, (D, S) float64; NaN where missing.
        squares: sum of squared deviations from the mean, (D, S) float64.
    """

    competitors: tuple[Competitor, ...]
    scenes: tuple[str, ...]
    conditions: tuple[str | None, ...]
    n: NDArray[np.int64]
    mean: NDArray[np.float64]
    worst: NDArray[np.float64]
    squares: NDArray[np.float64]

    def of(self, rows: Sequence[int], columns: Sequence[int]) -> Cells:
        """The sub-table of some competitors and scenes."""
        pick = np.ix_(rows, columns)
        return Cells(
            tuple(self.competitors[row] for row in rows),
            tuple(self.scenes[column] for column in columns),
            tuple(self.conditions[column] for column in columns),
            self.n[pick],
            self.mean[pick],
            self.worst[pick],
            self.squares[pick],
        )


def gather(captures: Sequence[ScoredCapture], by: By | None) -> Cells:
    """Gathers captures into cells; a file that lies twice in one cell counts once.

    Args:
        captures: all of a run, in a fixed order.
        by: the competitor; None: device + firmware where any firmware is known.

    Raises:
        ValueError: a score is not finite.
    """
    if by is None:
        by = "device+firmware" if any(c.firmware is not None for c in captures) else "device"
    kept = [(_competitor(capture, by), capture) for capture in captures]
    kept = list(_once(kept))
    if any(not math.isfinite(capture.score) for _, capture in kept):
        raise ValueError("only finite scores can be ranked")
    competitors = sorted({who for who, _ in kept}, key=_order)
    scenes = sorted({capture.scene for _, capture in kept}, key=natural)
    row = {who: i for i, who in enumerate(competitors)}
    column = {scene: i for i, scene in enumerate(scenes)}
    conditions = {capture.scene: capture.condition for _, capture in reversed(kept)}
    shape = (len(competitors), len(scenes))
    index = np.array([row[who] * len(scenes) + column[c.scene] for who, c in kept], dtype=np.int64)
    scores = np.array([capture.score for _, capture in kept], dtype=np.float64)
    return Cells(
        tuple(competitors),
        tuple(scenes),
        tuple(conditions[scene] for scene in scenes),
        *_statistics(index, scores, shape),
    )


def _statistics(
    index: NDArray[np.int64], scores: NDArray[np.float64], shape: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Count, mean, worst and squared deviations of each cell; `index` is into the flat table."""
    size = shape[0] * shape[1]
    n = np.bincount(index, minlength=size).astype(np.int64)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(index, scores, minlength=size) / n
    worst = np.full(size, np.inf)
    np.minimum.at(worst, index, scores)
    worst[n == 0] = np.nan
    deviations: NDArray[np.float64] = scores - mean[index]
    squares = np.zeros(size)
    np.add.at(squares, index, deviations**2)
    return n.reshape(shape), mean.reshape(shape), worst.reshape(shape), squares.reshape(shape)


def _competitor(capture: ScoredCapture, by: By) -> Competitor:
    return Competitor(capture.device, capture.firmware if by == "device+firmware" else None)


def _once(
    captures: Iterable[tuple[Competitor, ScoredCapture]],
) -> Iterable[tuple[Competitor, ScoredCapture]]:
    seen: set[tuple[Competitor, str, str]] = set()
    for who, capture in captures:
        if capture.sha256 is not None:
            key = (who, capture.scene, capture.sha256)
            if key in seen:
                continue
            seen.add(key)
        yield who, capture


def _order(who: Competitor) -> tuple[object, object]:
    return natural(who.device), natural(who.firmware or "")
