"""Profile of every competitor's faults: how much more or less each costs it than its rivals.

Costs are compared as scores are: within scenes only, by the additive model, one fault at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from piqa_cli.faults import FAULTS
from piqa_cli.rank.additive import fit_additive, leagues
from piqa_cli.rank.cells import counted_once
from piqa_cli.rank.contrast import contrast
from piqa_cli.rank.league import League
from piqa_cli.rank.records import ScoredCapture
from piqa_cli.records import Competitor
from piqa_cli.records.ranks import FaultEffect
from piqa_cli.settings import By

if TYPE_CHECKING:
    from numpy.typing import NDArray

Costs = dict[tuple[Competitor, str], list[tuple[float, ...]]]


def fault_effects(
    captures: Sequence[ScoredCapture], found: Iterable[League], by: By | None
) -> Iterator[FaultEffect]:
    """The effect of every fault on every ranked competitor of some leagues.

    A cell counts the mean of its captures' costs. Effects are relative to the mean of the league's
    ranked competitors, as their scores are, and have intervals by the same contrast.

    Args:
        captures: all of a run, in a fixed order; those without costs don't count.
        found: the leagues of its ranking.
        by: the competitor, as in the ranking.

    Yields:
        In the leagues' order; the best competitor first; in the order of `FAULTS`. Nothing for
        leagues in which captures without costs break the chain of shared scenes.
    """
    costs: Costs = {}
    if all(capture.fault_costs is None for capture in captures):
        return
    for who, capture in counted_once(captures, by):
        if capture.fault_costs is not None and len(capture.fault_costs) == len(FAULTS):
            costs.setdefault((who, capture.scene), []).append(capture.fault_costs)
    if costs:
        for league in found:
            yield from _of_league(league, costs)


def _of_league(league: League, costs: Costs) -> Iterator[FaultEffect]:
    rows = league.ranked_rows()
    means = _cell_means(league, rows, costs)
    there = np.isfinite(means[..., 0])
    if len(rows) < 2 or not there.any(axis=1).all():
        return
    shared = there.any(axis=0)
    means, there = means[:, shared], there[:, shared]
    if len(leagues(there)) > 1:
        return
    fits = [fit_additive(means[..., number]) for number in range(len(FAULTS))]
    halves = [contrast(fit) for fit in fits]
    for place, row in enumerate(rows):
        who = league.cells.competitors[row]
        for fault, fit, half in zip(FAULTS, fits, halves, strict=True):
            cost = float(fit.effects[place])
            reach = None if half is None else float(half.effect_half[place])
            yield FaultEffect(
                condition=league.condition,
                league=league.number,
                device=who.device,
                firmware=who.firmware,
                fault=fault.name,
                n_scenes=int(there[place].sum()),
                cost=cost,
                ci_low=None if reach is None else cost - reach,
                ci_high=None if reach is None else cost + reach,
            )


def _cell_means(league: League, rows: Sequence[int], costs: Costs) -> NDArray[np.float64]:
    """Mean costs of the cells, (rows, scenes, faults); NaN where no capture has any."""
    means = np.full((len(rows), len(league.cells.scenes), len(FAULTS)), np.nan)
    for place, row in enumerate(rows):
        for column, scene in enumerate(league.cells.scenes):
            if known := costs.get((league.cells.competitors[row], scene)):
                means[place, column] = np.mean(known, axis=0)
    return means
