"""Judges how far a score moves when the framing does, against how captures of a scene differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from piqa_cli.errors import PiqaError
from piqa_cli.read.decode import read_photo
from piqa_cli.settings import DEFAULT_WORKING_SIDE_PX
from piqa_cli.train.faces import find_face
from piqa_cli.train.judges.ratings import unseen
from piqa_cli.train.judges.scoring import score_pixels
from piqa_cli.train.mini.ratings import Rated, read_ratings
from piqa_cli.train.parallel import spread

MOST_LOST = 0.03  # largest part of width and height that a framing cuts off
FRAMINGS = 5  # framings of every capture, besides the whole one
_CAPTURES = 6  # captures of a scene that are judged


@dataclass(frozen=True, slots=True)
class FramingRow:
    """Noise by framing.

    Attributes:
        noise: standard deviation of a capture's score over framings, pooled, in score units.
        spread: standard deviation of the captures of a scene, pooled, in score units.
        ratio: noise / spread.
        n_captures: looked at.
    """

    noise: float
    spread: float
    ratio: float
    n_captures: int


def judge_framing(
    weights: Path | None,
    table: Path,
    *,
    framings: int = FRAMINGS,
    workers: int = 1,
    quiet: bool = False,
) -> FramingRow:
    """Scores captures of staged scenes as they are and in several other framings each.

    Args:
        weights: of dn-piqa-mini; None: those that ship.
        table: CSV of rated captures with scenes; those that the weights didn't learn from.
        framings: other framings of every capture, 1 or more.
        workers: processes.
        quiet: no progress bar.

    Raises:
        PiqaError: no such file, weights that have seen all of it, or only small scenes.
    """
    scenes: dict[str, list[Rated]] = {}
    for row in unseen(weights, read_ratings(table)):
        scenes.setdefault(row.scene, []).append(row)
    chosen = [rows[:_CAPTURES] for rows in scenes.values() if len(rows) >= _CAPTURES]
    if not chosen:
        raise PiqaError(f"no scene to judge by: none has {_CAPTURES} captures or more")
    rows = [row for part in chosen for row in part]
    work = partial(_framings, weights=weights, framings=framings)
    scores = list(spread(work, rows, workers=workers, unit="photo", quiet=quiet))
    noise = _pooled(scores)
    between = _pooled(np.array([found[0] for found in scores]).reshape(len(chosen), _CAPTURES))
    return FramingRow(noise, between, noise / between, len(rows))


def _framings(row: Rated, weights: Path | None, framings: int) -> list[float]:
    """Scores of a capture as it is, and with up to 3 % of its sides lost."""
    pixels = read_photo(row.file, working_side_px=DEFAULT_WORKING_SIDE_PX).pixels
    rng = np.random.default_rng(0)
    framed = [pixels, *(_framed(pixels, rng) for _ in range(framings))]
    return [score_pixels(weights, one, find_face(one))[0] for one in framed]


def _framed(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    top, bottom = (round(height * lost) for lost in rng.uniform(0, MOST_LOST / 2, size=2))
    left, right = (round(width * lost) for lost in rng.uniform(0, MOST_LOST / 2, size=2))
    return np.ascontiguousarray(pixels[top : height - bottom, left : width - right])


def _pooled(rows: Sequence[Sequence[float]] | NDArray[np.float64]) -> float:
    """Standard deviation within rows, pooled."""
    return float(np.sqrt(np.mean([np.var(row, ddof=1) for row in rows])))
