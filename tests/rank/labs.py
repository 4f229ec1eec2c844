"""Simulated labs whose truth is known, and how often the intervals hold it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from piqa_cli.rank.additive import fit_additive, leagues
from piqa_cli.rank.contrast import contrast

DEVICES = 8
INTERACTION_SD = 0.5  # of a device's own reaction to a scene, in JOD
TAKE_SD = 0.4  # between two captures of one device in one scene, in JOD
ONE_VARIANCE = (
    1e12  # degrees of freedom of the field with which no device has a variance of its own
)


@dataclass(frozen=True)
class Case:
    """A kind of lab.

    Attributes:
        title: for the table in the docs.
        scenes: how many.
        takes: the fewest and the most of a cell.
        odd: how many devices, the first ones, differ from the others.
        odd_takes, odd_interaction: in what they differ.
        missing: share of cells.
        take_sd: between captures.
        spread: factor by which the reactions of the devices differ from the usual, either way.
    """

    title: str
    scenes: int
    takes: tuple[int, int] = (1, 4)
    odd: int = 0
    odd_takes: tuple[int, int] | None = None
    odd_interaction: float = INTERACTION_SD
    missing: float = 0.3
    take_sd: float = TAKE_SD
    spread: float = 1.0


@dataclass(frozen=True)
class Gaps:
    """All pairs of devices of one lab, (P,) each.

    Attributes:
        truth: over the population of scenes.
        gap, half: as the program says them.
        even_half: where all devices are taken to be equally noisy.
        n_odd: 0, 1 or 2: how many of the two differ from the others.
    """

    truth: np.ndarray
    gap: np.ndarray
    half: np.ndarray
    even_half: np.ndarray
    n_odd: np.ndarray


def cell_means(case: Case, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The devices' true qualities, (D,), and what a lab measures of them, (D, S)."""
    odd = np.arange(DEVICES) < case.odd
    shape = (DEVICES, case.scenes)
    low, high = np.where(odd[:, None], case.odd_takes or case.takes, case.takes).T
    takes = rng.integers(low[:, None], high[:, None], shape, endpoint=True)
    interaction = np.where(odd, case.odd_interaction, INTERACTION_SD)[:, None]
    interaction = interaction * case.spread ** np.linspace(-1, 1, DEVICES)[:, None]
    quality = rng.normal(0, 1, DEVICES)
    measured = quality[:, None] + rng.normal(0, 2, case.scenes)
    measured += interaction * rng.normal(size=shape)
    measured += case.take_sd / np.sqrt(takes) * rng.normal(size=shape)
    while True:
        there = rng.random(shape) >= case.missing
        if there.any(axis=0).all() and there.any(axis=1).all() and len(leagues(there)) == 1:
            return quality, np.where(there, measured, np.nan)


def gaps(case: Case, count: int) -> Iterator[Gaps]:
    """The gaps of so many labs, as the program computes them."""
    first, second = np.triu_indices(DEVICES, 1)
    odd = np.arange(DEVICES) < case.odd
    for seed in range(count):
        quality, means = cell_means(case, np.random.default_rng(seed))
        fit = fit_additive(means)
        found, even = contrast(fit), contrast(fit, field_df=ONE_VARIANCE)
        if found is None or even is None:
            continue
        yield Gaps(
            truth=(quality[:, None] - quality)[first, second],
            gap=(fit.effects[:, None] - fit.effects)[first, second],
            half=found.gap_half[first, second],
            even_half=even.gap_half[first, second],
            n_odd=odd[first].astype(int) + odd[second],
        )


@dataclass(frozen=True)
class Coverage:
    """Shares of intervals that hold the truth, 0..1; `even` as in `Gaps`."""

    told: float
    even: float
    wider: float
    """Mean width of the intervals over that of the even ones."""


def coverage(case: Case, count: int, *, n_odd: int | None = None) -> Coverage:
    """Share of intervals that hold the truth, over all gaps of so many labs.

    Args:
        case: the kind of lab.
        count: labs.
        n_odd: only gaps with so many odd devices; None: all.
    """
    labs = list(gaps(case, count))
    kept = np.concatenate(
        [np.isin(lab.n_odd, [0, 1, 2] if n_odd is None else n_odd) for lab in labs]
    )
    error = np.concatenate([np.abs(lab.gap - lab.truth) for lab in labs])[kept]
    half = np.concatenate([lab.half for lab in labs])[kept]
    even = np.concatenate([lab.even_half for lab in labs])[kept]
    return Coverage(
        told=float(np.mean(error <= half)),
        even=float(np.mean(error <= even)),
        wider=float(half.mean() / even.mean()),
    )


UNEQUAL = Case("half the devices 1 take, half 4", 10, takes=(4, 4), odd=4, odd_takes=(1, 1))
NOISY = replace(UNEQUAL, title="the same, SD between takes 1.0", take_sd=1.0)
MOODY = Case("one device reacts to scenes with SD 1.5", 10, odd=1, odd_interaction=1.5)
MIXED = Case("reactions of SD 0.25 to 1", 10, spread=2.0)
ROWS: tuple[tuple[Case, int | None, str], ...] = (
    *((Case("1 to 4 takes", scenes), None, "all") for scenes in (3, 5, 10, 20)),
    (UNEQUAL, 0, "4 takes against 4"),
    (UNEQUAL, 1, "4 takes against 1"),
    (UNEQUAL, 2, "1 take against 1"),
    (NOISY, 0, "4 takes against 4"),
    (NOISY, 1, "4 takes against 1"),
    (NOISY, 2, "1 take against 1"),
    (MOODY, 0, "between the others"),
    *((replace(MOODY, scenes=scenes), 1, "with that device") for scenes in (3, 5, 10, 20)),
    *((replace(MIXED, scenes=scenes), None, "all") for scenes in (3, 5, 10, 20)),
)


def table(count: int) -> str:
    """The table of `docs/ranking.md`, in Markdown, for so many labs a row."""
    lines = [
        "| lab | scenes | gaps | hold the truth | with one variance for all | width |",
        "| --- | ---: | --- | ---: | ---: | ---: |",
    ]
    for case, n_odd, which in ROWS:
        told = coverage(case, count, n_odd=n_odd)
        figures = f"{100 * told.told:.1f} % | {100 * told.even:.1f} % | x {told.wider:.2f}"
        lines.append(f"| {case.title} | {case.scenes} | {which} | {figures} |")
    return "\n".join(lines)
