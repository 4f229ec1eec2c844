"""Captures gathered into the scene x competitor table that all ranking starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from piqa_cli.natural import natural
from piqa_cli.rank.records import ScoredCapture
from piqa_cli.records import Competitor
from piqa_cli.records.equals import first_of_equals
from piqa_cli.settings import By

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Named(Protocol):
    """A capture, scored or not, with the names of its competitor."""

    @property
    def device(self) -> str:
        """The device."""

    @property
    def firmware(self) -> str | None:
        """Its firmware, where known."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The table of D competitors x S scenes, both in natural order.

    Attributes:
        competitors, scenes: names of rows and columns.
        conditions: of the scenes, in their order.
        n: captures, (D, S) int64; 0 where the cell is missing.
        mean: mean score, (D, S) float64; NaN where missing.
        worst: lowest score, (D, S) float64; NaN where missing.
        worst_path: capture of that score, the first of equals, (D, S) of str; None where missing.
        squares: sum of squared deviations from the mean, (D, S) float64.
        noise: stated variance of a score, mean of the captures, (D, S) float64, NaN where the
            cell is missing; None: not known, or the same for all.
    """

    competitors: tuple[Competitor, ...]
    scenes: tuple[str, ...]
    conditions: tuple[str | None, ...]
    n: NDArray[np.int64]
    mean: NDArray[np.float64]
    worst: NDArray[np.float64]
    worst_path: NDArray[Any]
    squares: NDArray[np.float64]
    noise: NDArray[np.float64] | None = None

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
            self.worst_path[pick],
            self.squares[pick],
            None if self.noise is None else self.noise[pick],
        )


def gather(captures: Sequence[ScoredCapture], by: By | None) -> Cells:
    """Gathers captures into cells; a picture that lies twice in one cell counts once.

    Args:
        captures: all of a run, in a fixed order.
        by: the competitor; None: device + firmware where any firmware is known.

    Raises:
        ValueError: a score is not finite.
    """
    kept = counted_once(captures, by)
    scores = np.array([capture.score for _, capture in kept], dtype=np.float64)
    if not np.isfinite(scores).all():
        raise ValueError("only finite scores can be ranked")
    competitors = sorted({who for who, _ in kept}, key=natural_order)
    scenes = sorted({capture.scene for _, capture in kept}, key=natural)
    row = {who: i for i, who in enumerate(competitors)}
    column = {scene: i for i, scene in enumerate(scenes)}
    conditions = {capture.scene: capture.condition for _, capture in reversed(kept)}
    shape = (len(competitors), len(scenes))
    index = np.array([row[who] * len(scenes) + column[c.scene] for who, c in kept], dtype=np.int64)
    n, mean, squares = _statistics(index, scores, shape)
    worst, worst_path = _worst(index, scores, shape, [capture.path for _, capture in kept])
    return Cells(
        tuple(competitors),
        tuple(scenes),
        tuple(conditions[scene] for scene in scenes),
        n=n,
        mean=mean,
        worst=worst,
        worst_path=worst_path,
        squares=squares,
        noise=_noise(index, [capture.score_sd for _, capture in kept], n),
    )


def _statistics(
    index: NDArray[np.int64], scores: NDArray[np.float64], shape: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Count, mean and squared deviations of each cell; `index` is into the flat table."""
    size = shape[0] * shape[1]
    n = np.bincount(index, minlength=size).astype(np.int64)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(index, scores, minlength=size) / n
    deviations: NDArray[np.float64] = scores - mean[index]
    squares = np.zeros(size)
    np.add.at(squares, index, deviations**2)
    return n.reshape(shape), mean.reshape(shape), squares.reshape(shape)


def _noise(
    index: NDArray[np.int64], stated: Sequence[float | None], n: NDArray[np.int64]
) -> NDArray[np.float64] | None:
    """Mean stated variance of the scores of each cell; None: none is stated, or all are equal.

    A score without a stated deviation counts as sure as the median of the stated ones.
    """
    known = [sd for sd in stated if sd is not None]
    if len(set(known)) < 2:
        return None
    usual = float(np.median(known))
    squares = np.array([usual if sd is None else sd for sd in stated]) ** 2
    with np.errstate(invalid="ignore"):
        return (np.bincount(index, squares, minlength=n.size) / n.ravel()).reshape(n.shape)


def _worst(
    index: NDArray[np.int64],
    scores: NDArray[np.float64],
    shape: tuple[int, int],
    paths: Sequence[str],
) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Lowest score of each cell and its path."""
    worst = np.full(shape[0] * shape[1], np.nan)
    path = np.full(worst.shape, None, dtype=object)
    order = np.lexsort((scores, index))
    cells, first = np.unique(index[order], return_index=True)
    worst[cells] = scores[order[first]]
    path[cells] = np.array(paths, dtype=object)[order[first]]
    return worst.reshape(shape), path.reshape(shape)


def competitors_of(captures: Sequence[Named], by: By | None) -> list[Competitor]:
    """The competitor of each capture.

    Args:
        captures: all of a run.
        by: the competitor; None: device + firmware where any firmware is known.
    """
    if by is None:
        by = "device+firmware" if any(c.firmware is not None for c in captures) else "device"
    named = by == "device+firmware"
    places = [(c.device, c.firmware if named else None) for c in captures]
    known = {place: Competitor(*place) for place in set(places)}  # millions share a thousand
    return [known[place] for place in places]


def counted_once(
    captures: Sequence[ScoredCapture], by: By | None
) -> list[tuple[Competitor, ScoredCapture]]:
    """Captures with their competitors; of those of one cell with equal bytes or pixels the first.

    Args:
        captures: all of a run, in a fixed order.
        by: the competitor; None: device + firmware where any firmware is known.
    """
    found = list(zip(competitors_of(captures, by), captures, strict=True))
    if all(capture.sha256 is None and capture.pixels_sha256 is None for capture in captures):
        return found
    firsts = first_of_equals(
        [
            (who, capture.scene, content)
            for content in (capture.sha256, capture.pixels_sha256)
            if content is not None
        ]
        for who, capture in found
    )
    return [found[n] for n, first in enumerate(firsts) if n == first]


def natural_order(who: Competitor) -> tuple[object, object]:
    """The key that sorts competitors as people read them."""
    return natural(who.device), natural(who.firmware or "")
