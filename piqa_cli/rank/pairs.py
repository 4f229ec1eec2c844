"""Every two ranked competitors of a league: their gap, and the scenes that each of them wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from piqa_cli.jod import preference
from piqa_cli.rank.intervals import ROUNDING
from piqa_cli.rank.league import League
from piqa_cli.rank.records import Rules
from piqa_cli.rank.signed_rank import holm, reachable, signed_rank_p
from piqa_cli.records import Family, PairRank
from piqa_cli.records.ranks import NO_INTERVAL

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Differences:
    """One competitor against K others, scene by scene.

    Attributes:
        n: shared scenes, (K,).
        mean: mean difference over them, (K,); NaN without.
        wins, losses: scenes clearly ahead and clearly behind, (K,).
    """

    n: NDArray[np.int64]
    mean: NDArray[np.float64]
    wins: NDArray[np.int64]
    losses: NDArray[np.int64]


def compare(
    one: NDArray[np.float64], others: NDArray[np.float64], rules: Rules | None = None
) -> Differences:
    """Differences within the scenes that both have; no model is needed, and no third device.

    Args:
        one: cell means, (S,), NaN where missing.
        others: cell means, (K, S), NaN where missing.
        rules: what is a tie; None: only what is equal.
    """
    gaps = one[None, :] - others
    there = np.isfinite(gaps)
    n = there.sum(axis=1)
    gaps = np.where(there, gaps, 0.0)
    with np.errstate(invalid="ignore"):
        mean = gaps.sum(axis=1) / n
    tie = _tie(rules or Rules(0.0))
    return Differences(n, mean, (gaps > tie).sum(axis=1), (gaps < -tie).sum(axis=1))


def _tie(rules: Rules) -> float:
    """Gaps up to this are ties; exactly `tie_jod` is none, as in `intervals.clearly_better`."""
    if rules.jod_per_unit is None:
        return ROUNDING
    return max(ROUNDING, (rules.tie_jod - ROUNDING) / rules.jod_per_unit)


def pair_ranks(found: Iterable[League], rules: Rules) -> Iterator[PairRank]:
    """All pairs of every league; the better in rank is A, pairs come in the order of ranks.

    Differences and their intervals are the gaps that ranks rest on, so that no pair contradicts
    a rank; wins, losses and p-values are of the scenes that both have.

    p-values are for the pairs of one family: all against the reference, else neighbours in rank.
    A family is one league of one ranking; conditions are families of their own.
    """
    for league in found:
        means = league.cells.mean[league.ranked_rows()]
        tests = _tests(league, means, rules)
        for first in range(len(means) - 1):
            yield from _rows(league, first, means, tests, rules)


@dataclass(frozen=True, slots=True)
class _Test:
    family: Family
    p: float | None = None
    p_holm: float | None = None


_Tests = dict[tuple[int, int], _Test]


def _tests(league: League, means: NDArray[np.float64], rules: Rules) -> _Tests:
    """The tests of a league's family by places in its order."""
    family: Family = "neighbours" if rules.reference is None else "reference"
    pairs = _family(league, rules)
    gaps = [means[a] - means[b] for a, b in pairs]
    shared = [gap[np.isfinite(gap)] for gap in gaps]
    tests = {pair: _Test(family) for pair in pairs}
    kept = np.flatnonzero(reachable(np.array([len(gap) for gap in shared], dtype=np.int64)))
    p = np.array([signed_rank_p(shared[i]) for i in kept])
    for i, one, adjusted in zip(kept, p, holm(p), strict=True):
        tests[pairs[i]] = _Test(family, float(one), float(adjusted))
    return tests


def _family(league: League, rules: Rules) -> list[tuple[int, int]]:
    order = league.ranked_rows()
    if rules.reference is None:
        return [(place, place + 1) for place in range(len(order) - 1)]
    row = league.row_of(rules.reference)
    if row not in order:
        return []
    base = order.index(row)
    return [(min(base, i), max(base, i)) for i in range(len(order)) if i != base]


def _rows(
    league: League, first: int, means: NDArray[np.float64], tests: _Tests, rules: Rules
) -> Iterator[PairRank]:
    """One competitor against all behind it."""
    order = league.ranked_rows()
    who = [league.cells.competitors[row] for row in order]
    found = compare(means[first], means[first + 1 :], rules)
    behind = order[first + 1 :]
    gaps = (league.fit.effects[order[first]] - league.fit.effects[behind]).tolist()
    halves: list[float | None] = [None] * len(behind)
    if league.contrast is not None:
        halves = league.contrast.gap_half[order[first], behind].tolist()
    ties = found.n - found.wins - found.losses
    columns = (column.tolist() for column in (found.n, found.mean, found.wins, ties, found.losses))
    rows = zip(gaps, halves, *columns, strict=True)
    for second, (gap, half, n, mean, wins, tied, losses) in enumerate(rows, start=first + 1):
        test = tests.get((first, second))
        yield PairRank(
            condition=league.condition,
            league=league.number,
            device_a=who[first].device,
            firmware_a=who[first].firmware,
            device_b=who[second].device,
            firmware_b=who[second].firmware,
            n_scenes=n,
            difference=gap,
            ci_low=None if half is None else gap - half,
            ci_high=None if half is None else gap + half,
            wins=wins,
            ties=tied,
            losses=losses,
            preference=preference(gap, rules.jod_per_unit),
            family=test.family if test else None,
            p_value=test.p if test else None,
            p_holm=test.p_holm if test else None,
            note=_note(n, half, test),
            shared_difference=mean if n else None,
        )


def _note(n: int, half: float | None, test: _Test | None) -> str | None:
    notes: list[str] = []
    if n == 0:
        notes.append("no shared scene: compared through others")
    if half is None:
        notes.append(NO_INTERVAL)
    if test is not None and test.p is None:
        notes.append("no p-value: too few scenes")
    return "; ".join(notes) or None
