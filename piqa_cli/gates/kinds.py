"""All gates by name: what a limit is, and the sentence on a figure beyond it.

A gate whose name begins with `max_` fails above its limit, one with `min_` below it. Where its
figures come from stands in `gates.ranking.READINGS` for `rank`, in `compare.gates.READINGS` for
`compare`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from piqa_cli.gates.readings import Reading
from piqa_cli.records.gates import GateName

LimitKind = Literal["jod", "share", "count", "number"]
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
    """

    limit: LimitKind
    failure: Sentence
    no_difference: float | None = None


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
    "max_failed_captures": GateKind("count", _failed),
    "min_takes": GateKind("count", _takes),
}
