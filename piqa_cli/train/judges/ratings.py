"""Judges weights by people's ratings that they never saw."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from piqa_cli.errors import PiqaError
from piqa_cli.read.decode import read_photo
from piqa_cli.train.judges.scoring import score_branches
from piqa_cli.train.measures import (
    brightness,
    log_laplacian,
    sharpest_blocks,
    spearman,
    within_scene,
)
from piqa_cli.train.mini.features import read_views
from piqa_cli.train.mini.ratings import Rated, RatedSet, read_ratings
from piqa_cli.train.mini.start import MODEL as MINI
from piqa_cli.train.parallel import spread
from piqa_cli.weights.load import load_tensors
from piqa_cli.weights.store import find

LEAST_CAPTURES = 6
"""Fewest captures of a scene for a correlation."""

_MEASURES = {
    "sharpest blocks": sharpest_blocks,
    "log-Laplacian sharpness": log_laplacian,
    "brightness": brightness,
}


@dataclass(frozen=True, slots=True)
class RatingsRow:
    """Agreement of one measure with one set of ratings.

    Attributes:
        ratings: name of the set.
        measure: `model`, the model without a branch, or a simple measure.
        srcc: Spearman's correlation, within scene and the mean over scenes where there are scenes;
            then the mean over folds.
        plcc: Pearson's correlation, likewise.
        by_fold: the SRCC of each weights file, in their order.
        n_captures: judged in all.
        n_scenes: with six captures or more; 0: single photographs.
    """

    ratings: str
    measure: str
    srcc: float
    plcc: float
    by_fold: tuple[float, ...]
    n_captures: int
    n_scenes: int


@dataclass(frozen=True, slots=True)
class Judged:
    """The scores of one rated picture by every measure."""

    row: Rated
    scores: dict[str, float]


def judge_ratings(
    weights: Sequence[Path | None], table: Path, *, workers: int = 1, quiet: bool = False
) -> tuple[list[RatingsRow], list[list[Judged]]]:
    """Compares scores with ratings, of each weights file on those that it didn't learn from.

    Weights remember which sets they saw and which fold was left out: on such a set that fold is
    judged, on any other set all of it.

    Args:
        weights: of dn-piqa-mini; None: those that ship.
        table: CSV of rated captures, see `read_ratings`.
        workers: processes.
        quiet: no progress bar.

    Returns:
        One row a measure, the model first; and every picture's scores, one list a weights file.

    Raises:
        PiqaError: no such file, weights that have seen all of it, or only small scenes.
    """
    ratings = read_ratings(table)
    judged = []
    for file in weights:
        rows = unseen(file, ratings)
        work = partial(_judged, weights=file)
        judged.append(list(spread(work, rows, workers=workers, unit="photo", quiet=quiet)))
    measures = judged[0][0].scores
    return [_row(measure, judged, ratings) for measure in measures], judged


def unseen(weights: Path | None, ratings: RatedSet) -> list[Rated]:
    """The rated pictures that weights didn't learn from.

    Raises:
        PiqaError: there are none.
    """
    bundle = find(MINI, weights)
    metadata = load_tensors(bundle)[1]
    if ratings.sha256 not in json.loads(metadata.get("seen", "{}")):
        return list(ratings.rows)
    fold = metadata.get("fold", "")
    rows = [row for row in ratings.rows if str(row.fold) == fold]
    if not rows:
        raise PiqaError(
            f"{bundle.path} has learnt from all of {ratings.name}: it can't be judged by it; "
            "train with --fold K to leave a fifth out"
        )
    return rows


def _judged(row: Rated, weights: Path | None) -> Judged:
    scores = score_branches(weights, read_views(row))
    pixels = read_photo(row.file, working_side_px=None).pixels
    scores |= {name: measure(pixels) for name, measure in _MEASURES.items()}
    return Judged(row, scores)


def _row(measure: str, judged: list[list[Judged]], ratings: RatedSet) -> RatingsRow:
    folds = [_agreement(measure, part, has_scenes=ratings.has_scenes) for part in judged]
    srcc, plcc, scenes = zip(*folds, strict=True)
    return RatingsRow(
        ratings=ratings.name,
        measure=measure,
        srcc=float(np.mean(srcc)),
        plcc=float(np.mean(plcc)),
        by_fold=tuple(srcc),
        n_captures=sum(map(len, judged)),
        n_scenes=sum(scenes),
    )


def _agreement(
    measure: str, judged: Sequence[Judged], *, has_scenes: bool
) -> tuple[float, float, int]:
    """SRCC, PLCC and how many scenes they are means of."""
    scores = [one.scores[measure] for one in judged]
    jod = [one.row.jod for one in judged]
    if not has_scenes:
        return spearman(scores, jod), _pearson(scores, jod), 0
    scenes = [one.row.scene for one in judged]
    srcc, plcc = (
        within_scene(scores, jod, scenes=scenes, least=LEAST_CAPTURES, correlation=correlation)
        for correlation in (spearman, _pearson)
    )
    if not srcc:
        raise PiqaError(f"no scene to judge by: none has {LEAST_CAPTURES} captures or more")
    return float(np.mean(list(srcc.values()))), float(np.mean(list(plcc.values()))), len(srcc)


def _pearson(first: Sequence[float], second: Sequence[float]) -> float:
    values: NDArray[np.float64] = np.corrcoef(first, second)
    return float(values[0, 1])
