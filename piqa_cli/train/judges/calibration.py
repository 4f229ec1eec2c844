"""Checks stated preferences against people: which gap in score means that three of four agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_ndtr, ndtr

from piqa_cli.train.fidelity import JOD_TO_SIGMA
from piqa_cli.train.judges.ratings import LEAST_CAPTURES, Judged
from piqa_cli.train.judges.scoring import MODEL

# Limits of predicted preference between the rows of the reliability table.
_STEPS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Reliability:
    """Pairs of one range of stated preference.

    Attributes:
        stated: mean preference that the model states for its better one.
        agreed: share of these pairs that people's means put in the same order.
        n_pairs: pairs of captures of one scene.
    """

    stated: float
    agreed: float
    n_pairs: int


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """Scale at which stated preferences hold, and how well they do.

    Attributes:
        jod_per_unit: P(people agree) = Phi(0.6745 * jod_per_unit * gap), by maximum likelihood
            over all pairs within a scene.
        reliability: with this unit, by ranges of the stated preference.
    """

    jod_per_unit: float
    reliability: tuple[Reliability, ...]


def calibration(judged: Sequence[Sequence[Judged]]) -> CalibrationRow:
    """Fits the unit on pairs of one scene, and shows how well it holds.

    Args:
        judged: scores and ratings that the weights never saw; one sequence a weights file.
    """
    pairs = np.array([pair for part in judged for pair in _pairs(part)]).reshape(-1, 2)
    gaps, agreed = np.abs(pairs[:, 0]), np.sign(pairs[:, 0]) == np.sign(pairs[:, 1])
    signed = np.where(agreed, gaps, -gaps)

    def surprise(unit: float) -> float:
        return -float(log_ndtr(JOD_TO_SIGMA * unit * signed).mean())

    unit = float(minimize_scalar(surprise, bounds=(0.01, 20), method="bounded").x)
    stated = ndtr(JOD_TO_SIGMA * unit * gaps)
    return CalibrationRow(unit, tuple(_reliability(stated, agreed)))


def _pairs(judged: Sequence[Judged]) -> Iterator[tuple[float, float]]:
    """(gap in score, gap in rating) of all pairs of one scene whose ratings differ."""
    scenes: dict[str, list[Judged]] = {}
    for one in judged:
        scenes.setdefault(one.row.scene, []).append(one)
    for captures in scenes.values():
        if len(captures) < LEAST_CAPTURES:
            continue
        for number, first in enumerate(captures):
            for second in captures[number + 1 :]:
                gap = first.row.jod - second.row.jod
                if gap:
                    yield first.scores[MODEL] - second.scores[MODEL], gap


def _reliability(stated: NDArray[np.float64], agreed: NDArray[np.bool_]) -> Iterator[Reliability]:
    for low, high in pairwise(_STEPS):
        inside = (stated >= low) & ((stated < high) | (high == _STEPS[-1]))
        if inside.any():
            yield Reliability(
                float(stated[inside].mean()), float(agreed[inside].mean()), int(inside.sum())
            )
