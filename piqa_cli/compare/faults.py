"""Change of each fault's cost from BASE to NEW: within scenes, then over them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from piqa_cli.compare.cells import Cell
from piqa_cli.faults import FAULTS
from piqa_cli.rank.intervals import mean_and_half
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.report.text import signed

_LEAST = 0.1  # score units; smaller changes explain nothing
_MOST_NAMED = 3

Costs = tuple[float, ...]


def fault_change(cell: Cell) -> Costs | None:
    """Mean cost of each fault in NEW minus in BASE; None: a run states none in this cell."""
    base, new = _mean(cell.base_scored), _mean(cell.new_scored)
    if base is None or new is None:
        return None
    return tuple(after - before for before, after in zip(base, new, strict=True))


def _mean(rows: Sequence[ScoredRow]) -> Costs | None:
    costs = [row.more["fault_costs"] for row in rows if "fault_costs" in row.more]
    return _column_means([own for own in costs if len(own) == len(FAULTS)])


def mean_fault_change(changes: Sequence[Costs | None]) -> Costs | None:
    """Mean over scenes of the changes of each fault's cost; None: none is known."""
    return _column_means([change for change in changes if change is not None])


def _column_means(rows: Sequence[Sequence[float]]) -> Costs | None:
    if not rows:
        return None
    return tuple(math.fsum(column) / len(rows) for column in zip(*rows, strict=True))


def faults_in_words(changes: Sequence[Costs | None]) -> str:
    """The faults whose cost clearly changed over scenes, the largest change first.

    Clear is a change of at least 0.1 whose 95 % interval, Student's t over the scenes, excludes 0.

    >>> faults_in_words([(0.0,) * 5 + (0.3,) + (0.0,) * 5, (0.0,) * 5 + (0.31,) + (0.0,) * 5])
    'halos +0.30'
    """
    known = [change for change in changes if change is not None]
    clear = []
    for fault, column in zip(FAULTS, zip(*known, strict=True), strict=False):
        mean, half = mean_and_half(column)
        if half is not None and abs(mean) > half and abs(mean) >= _LEAST:
            clear.append((mean, fault.words))
    largest = sorted(clear, key=lambda item: -abs(item[0]))[:_MOST_NAMED]
    return ", ".join(f"{words} {signed(mean)}" for mean, words in largest)
