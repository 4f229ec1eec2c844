"""Explanation of a capture's score: costs of its faults against the scene's mean, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from piqa_cli.faults import FAULTS
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.report.text import number

_LEAST = 0.2  # score units; smaller differences explain nothing
_MOST_NAMED = 2
_MOST_IN_A_CELL = 3


def mean_costs(devices: Iterable[Sequence[ScoredRow]]) -> tuple[float, ...] | None:
    """Mean cost of each fault in a scene: the mean of its devices' means.

    Args:
        devices: scored rows of the captures table, device by device; of equal files one.

    Returns:
        A cost for every fault; None where fewer than two devices have costs: then there is nothing
        to compare with.
    """
    means = [mean for mean in map(_mean_of_takes, devices) if mean is not None]
    return _mean(means) if len(means) > 1 else None


def _mean_of_takes(rows: Sequence[ScoredRow]) -> tuple[float, ...] | None:
    costs = [costs for costs in map(_costs, rows) if costs is not None]
    return _mean(costs) if costs else None


def _costs(row: ScoredRow) -> Sequence[float] | None:
    costs: Sequence[float] | None = row.more.get("fault_costs")
    return costs if costs is not None and len(costs) == len(FAULTS) else None


def _mean(rows: Sequence[Sequence[float]]) -> tuple[float, ...]:
    return tuple(sum(column) / len(rows) for column in zip(*rows, strict=True))


def loses_more_by(row: ScoredRow, mean: Sequence[float] | None) -> str:
    """The faults that cost a capture more than the scene's mean, for a cell of a table.

    At most three, the costliest first; empty: none does, or the model knows no faults.
    """
    costs = _costs(row)
    if costs is None or mean is None:
        return ""
    gaps = [(cost - usual, fault) for cost, usual, fault in zip(costs, mean, FAULTS, strict=True)]
    large = sorted((gap for gap in gaps if gap[0] >= _LEAST), key=lambda gap: -gap[0])
    return ", ".join(f"{fault.words} {number(gap)}" for gap, fault in large[:_MOST_IN_A_CELL])


def why(row: ScoredRow, mean: Sequence[float] | None) -> str:
    """The two largest differences of a capture's fault costs to the scene's mean; may be empty.

    Args:
        row: of the captures table.
        mean: as `mean_costs` gives it.

    >>> known = {"path": "a", "status": "ok", "scene": "s", "device": "d", "score": 1.0}
    >>> costs = [0.1, 0, 0, 0.9] + [0] * 7
    >>> why(ScoredRow(**known, more={"fault_costs": costs}), [0.5] + [0.1] * 10)
    'noise costs 0.80 more than the mean here, blur 0.40 less'
    """
    costs = _costs(row)
    if costs is None or mean is None:
        return ""
    gaps = [(cost - usual, fault) for cost, usual, fault in zip(costs, mean, FAULTS, strict=True)]
    large = [gap for gap in gaps if abs(gap[0]) >= _LEAST]
    named = sorted(large, key=lambda gap: -abs(gap[0]))[:_MOST_NAMED]
    if not named:
        return "no fault stands out from the mean here"
    first, *others = [f"{number(abs(gap))} {'more' if gap > 0 else 'less'}" for gap, _ in named]
    most = named[0][1]
    parts = [f"{most.words} {'cost' if most.plural else 'costs'} {first} than the mean here"]
    parts += [f"{fault.words} {words}" for (_, fault), words in zip(named[1:], others, strict=True)]
    return ", ".join(parts)
