"""All gates by name: what a limit is, and the sentence on a figure beyond it.

A gate whose name begins with `max_` fails above its limit, one with `min_` below it. Where its
figures come from stands in `gates.ranking.READINGS` for `rank`, in `compare.gates.READINGS` for
`compare`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from piqa_cli.gates.readings import Reading
from piqa_cli.records.gates import GateName

_SHOWN = 3  # names of what is missing
LimitKind = Literal["jod", "share", "count", "number"]
Total = Callable[[Sequence[Reading]], str]
"""Takes all readings that a rule counts together; may be none."""
Sentence = Callable[[Reading, str | None, str], str]
"""Takes a reading with a value, what it is relative to, and the unit of regressions."""


@dataclass(frozen=True, slots=True)
class GateKind:
    """A gate.

    Attributes:
        limit: of what kind its limit and its figures are.
        failure: says what is wrong with a device, to follow its name.
        no_difference: of a difference between devices the value that means none; None: the figure
            is no such difference. Of differences there are some over all scenes, by condition and
            by scene; a rule judges those of its own scope, and fails only what the interval
            confirms.
        total: says how many there are; the sum of the figures is then held against the limit, and
            none is no missing figure. None: every figure is judged by itself.
    """

    limit: LimitKind
    failure: Sentence
    no_difference: float | None = None
    total: Total | None = None


def _worse(reading: Reading, against: str | None, unit: str) -> str:
    span = _span(reading.low, reading.high, _jod)
    return f"is {reading.value:.2f} {unit} worse than {against}{span}"


def _preferred(reading: Reading, against: str | None, _unit: str) -> str:
    span = _span(reading.low, reading.high, _percent)
    return f"is preferred to {against} by {_percent(reading.value or 0.0)}{span}"


def _takes(reading: Reading, _against: str | None, _unit: str) -> str:
    return f"has {reading.value:.0f} {'take' if reading.value == 1 else 'takes'}"


def _failed(_reading: Reading, _against: str | None, _unit: str) -> str:
    return "has a capture that failed"


def _missing(_reading: Reading, _against: str | None, _unit: str) -> str:
    return "is missing"


def _failures(readings: Sequence[Reading]) -> str:
    return f"{_number(readings, 'capture')} failed"


def _missing_devices(readings: Sequence[Reading]) -> str:
    names = [reading.device for reading in readings]
    return f"{_number(readings, 'device')} missing{_named(names)}"


def _missing_cells(readings: Sequence[Reading]) -> str:
    names = [f"{reading.device} in {reading.scene}" for reading in readings]
    return f"{_number(readings, 'cell')} missing{_named(names)}"


def _missing_takes(readings: Sequence[Reading]) -> str:
    names = [f"{reading.device} in {reading.scene}" for reading in readings]
    return f"{_number(readings, 'take')} missing{_named(names)}"


def _number(readings: Sequence[Reading], noun: str) -> str:
    count = int(sum(reading.value or 0.0 for reading in readings))
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _named(names: Sequence[str]) -> str:
    """The first names in brackets; empty: there is none."""
    more = ", ..." if len(names) > _SHOWN else ""
    return f" ({', '.join(names[:_SHOWN])}{more})" if names else ""


def _span(low: float | None, high: float | None, form: Callable[[float], str]) -> str:
    """A 95 % interval in brackets."""
    if low is None or high is None:
        return ", no interval"
    return f" (95 % interval {form(low)} .. {form(high)})"


def _jod(worse: float) -> str:
    return f"{round(worse, 2) + 0.0:.2f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


KINDS: dict[GateName, GateKind] = {
    "max_regression_jod": GateKind("jod", _worse, no_difference=0.0),
    "min_preference": GateKind("share", _preferred, no_difference=0.5),
    "max_failed_captures": GateKind("count", _failed, total=_failures),
    "min_takes": GateKind("count", _takes),
    "max_missing_devices": GateKind("count", _missing, total=_missing_devices),
    "max_missing_cells": GateKind("count", _missing, total=_missing_cells),
    "max_missing_takes": GateKind("count", _missing, total=_missing_takes),
}
