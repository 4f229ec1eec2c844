"""The difference of one cell: take by take, else between means; same files cancel exactly.

Every difference is a weighted sum of photographs. A photograph that both runs hold has one score,
not two, so its weights add up before anything is summed: where nothing else is left, the
difference is exactly 0 and there is nothing to be uncertain of.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from piqa_cli.compare.cells import Cell, content_of, paired_in_order, same_file, takes
from piqa_cli.compare.records import Method, Noise
from piqa_cli.rank.intervals import t_quantile
from piqa_cli.records.capture_row import ScoredRow

_FEWEST_PAIRS = 2
NO_NOISE = "no interval: no device has two captures of a scene"


@dataclass(frozen=True, slots=True)
class Contrast:
    """NEW minus BASE in one cell.

    Attributes:
        method: how it was taken.
        n_pairs: takes that were paired; 0 where means were compared.
        base_mean, new_mean: of the captures that were compared.
        difference: new minus base.
        weight: the variance of the difference, in variances of one take (one pair if paired).
        pair_differences: of the pairs whose files differ; empty where means were compared.
    """

    method: Method
    n_pairs: int
    base_mean: float
    new_mean: float
    difference: float
    weight: float
    pair_differences: tuple[float, ...] = ()


def contrast(cell: Cell) -> Contrast | None:
    """Compares a cell; None where a run has no score in it."""
    if not cell.base_scored or not cell.new_scored:
        return None
    ours, theirs = takes(cell.base_scored), takes(cell.new_scored)
    if ours is not None and theirs is not None:
        shared = [(ours[take], theirs[take]) for take in ours if take in theirs]
        if len(shared) >= _FEWEST_PAIRS:
            return _paired(shared, "paired")
    ordered = paired_in_order(cell.base_scored, cell.new_scored)
    if ordered is not None and len(ordered) >= _FEWEST_PAIRS:
        return _paired(ordered, "ordered")
    return _unpaired(cell.base_scored, cell.new_scored)


def _paired(pairs: Sequence[tuple[ScoredRow, ScoredRow]], method: Method) -> Contrast:
    changed = [(base, new) for base, new in pairs if not same_file(base, new)]
    gaps = tuple(new.score - base.score for base, new in changed)
    base_mean = _mean([base.score for base, _ in pairs])
    difference = math.fsum(gaps) / len(pairs)
    return Contrast(
        method=method if changed else "unchanged",
        n_pairs=len(pairs),
        base_mean=base_mean,
        new_mean=base_mean + difference,
        difference=difference,
        weight=len(changed) / len(pairs) ** 2,
        pair_differences=gaps,
    )


def _unpaired(base: Sequence[ScoredRow], new: Sequence[ScoredRow]) -> Contrast:
    known = [row for row in base if any(same_file(row, other) for other in new)]
    if len(known) == len(new):  # no new captures: a mean that moved has nothing to do with a camera
        mean = _mean([row.score for row in known])
        return Contrast("unchanged", 0, mean, mean, 0.0, 0.0)
    weights: dict[str, float] = {}
    scores: dict[str, float] = {}
    for rows, share in ((base, -1 / len(base)), (new, 1 / len(new))):
        for row in rows:
            photograph = content_of(row)
            weights[photograph] = weights.get(photograph, 0.0) + share
            scores.setdefault(photograph, row.score)
    left = {photograph: weight for photograph, weight in weights.items() if weight != 0}
    base_mean = _mean([row.score for row in base])
    difference = math.fsum(weight * scores[photograph] for photograph, weight in left.items())
    return Contrast(
        method="unpaired",
        n_pairs=0,
        base_mean=base_mean,
        new_mean=base_mean + difference,
        difference=difference,
        weight=math.fsum(weight**2 for weight in left.values()),
    )


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def noise_of(cells: Iterable[Cell], contrasts: Iterable[Contrast | None]) -> Noise:
    """One variance of a take and one of a pair, pooled over all cells of both runs.

    A photograph that both runs hold counts once, and a pair of equal files not at all: it differs
    by 0 because nothing was shot, not because takes are alike.
    """
    groups: list[list[float]] = []
    for cell in cells:
        known = {content_of(row) for row in cell.base_scored}
        groups.append([row.score for row in cell.base_scored])
        groups.append([row.score for row in cell.new_scored if content_of(row) not in known])
    take_sd, take_df = _pooled(groups)
    pair_sd, pair_df = _pooled([c.pair_differences for c in contrasts if c is not None])
    return Noise(take_sd, take_df, pair_sd, pair_df)


def _pooled(groups: Iterable[Sequence[float]]) -> tuple[float | None, int]:
    """Pooled standard deviation within groups, and its degrees of freedom."""
    squares: list[float] = []
    df = 0
    for group in groups:
        if len(group) > 1:
            mean = _mean(group)
            squares += [(value - mean) ** 2 for value in group]
            df += len(group) - 1
    return (math.sqrt(math.fsum(squares) / df) if df else None), df


def half_width(found: Contrast, noise: Noise) -> float | None:
    """Half of the difference's 95 % interval, Student's t; None: no cell has noise.

    Pairs rest on the noise of pairs. Where no cell has it, takes of a pair count as independent,
    which is never too sure of itself as long as they aren't shot in opposite moods.
    """
    if found.method == "unchanged":
        return 0.0
    is_paired = found.n_pairs > 0
    if is_paired and noise.pair_sd is not None:
        return t_quantile(noise.pair_df) * noise.pair_sd * math.sqrt(found.weight)
    if noise.take_sd is None:
        return None
    takes_in_it = 2 if is_paired else 1
    return t_quantile(noise.take_df) * noise.take_sd * math.sqrt(takes_in_it * found.weight)
