"""Judges mutants: refused, harmless, or read with pixels that aren't those of the whole file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.fuzz.mutations import MUTATIONS, mutate
from tests.fuzz.pictures import Whole
from tests.fuzz.reading import Reading, outcome, pool

MOST_DIFFERENCE = 0.02
"""Mean absolute difference, in grey levels, up to which scores stay within .1 of one another."""

Score = Callable[[NDArray[np.uint8]], float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one mutant.

    Attributes:
        whole: name of the file that it was made from.
        kind: of the mutation.
        seed: of the mutation.
        word: `refused`, `same` (pixels), `near`, `changed`, `died`, or the rule that was broken.
        difference: mean absolute difference of the pixels; None: refused, or of another shape.
        reason: of a refusal.
        score_change: None: not scored.
    """

    whole: str
    kind: str
    seed: int
    word: str
    difference: float | None = None
    reason: str | None = None
    score_change: float | None = None


def plan(wholes: Iterable[Whole], count: int, seed: int) -> Iterator[tuple[Whole, str, int]]:
    """File, mutation and seed of `count` mutants: all pairs of file and kind take turns."""
    pairs = [(whole, kind) for kind in MUTATIONS for whole in wholes]
    for place in range(count):
        whole, kind = pairs[place % len(pairs)]
        yield whole, kind, seed * 1_000_003 + place // len(pairs)


def judge(
    mutants: Iterable[tuple[Whole, str, int]],
    *,
    keep: Path | None = None,
    score: Score | None = None,
) -> Iterator[Verdict]:
    """Makes mutants, reads each in the decode pool and judges it.

    Args:
        mutants: see `plan`.
        keep: folder for mutants that break a rule or whose pixels changed; None: none are kept.
        score: scores pixels; then `changed` is said by scores instead of by `MOST_DIFFERENCE`.
    """
    twins: dict[str, Reading] = {}
    with tempfile.TemporaryDirectory() as folder, pool() as readers:
        file = Path(folder) / "mutant"
        for whole, kind, seed in mutants:
            if whole.name not in twins:
                file.write_bytes(whole.data)
                twins[whole.name] = outcome(readers, file)
            data = mutate(whole, kind, seed)
            file.write_bytes(data)
            verdict = _verdict(whole, kind, seed, outcome(readers, file), twins[whole.name], score)
            if keep is not None and verdict.word not in ("refused", "same", "near"):
                name = f"{verdict.word} {whole.name} {kind} {seed}".replace(" ", "_")
                (keep / name).write_bytes(data)
            yield verdict


def _verdict(
    whole: Whole, kind: str, seed: int, read: Reading, twin: Reading, score: Score | None
) -> Verdict:
    if twin.pixels is None:
        raise AssertionError(f"{whole.name} is whole and was refused: {twin.reason}")
    if read.process_lost:
        return Verdict(whole.name, kind, seed, "died", None, read.reason)
    if rule := read.broken_rule:
        return Verdict(whole.name, kind, seed, rule, None, read.reason)
    if read.pixels is None:
        return Verdict(whole.name, kind, seed, "refused", None, read.reason)
    difference = difference_of(read.pixels, twin.pixels)
    if difference == 0:
        return Verdict(whole.name, kind, seed, "same", difference)
    change = None if score is None else abs(score(read.pixels) - score(twin.pixels))
    if change is None:
        is_near = difference is not None and difference <= MOST_DIFFERENCE
    else:
        is_near = change <= 0.1
    word = "near" if is_near else "changed"
    return Verdict(whole.name, kind, seed, word, difference, None, change)


def difference_of(pixels: NDArray[np.uint8], others: NDArray[np.uint8]) -> float | None:
    """Mean absolute difference in grey levels; None: another shape."""
    if pixels.shape != others.shape:
        return None
    return float(np.abs(pixels.astype(np.int16) - others).mean())
