"""Sentences on the outcome of a gate."""

from __future__ import annotations

from collections.abc import Sequence

from piqa_cli.gates.kinds import KINDS
from piqa_cli.gates.readings import Measured, Reading
from piqa_cli.records.gates import GateName, GateRule

NOTHING_MATCHES = "nothing here matches"
NOTHING = "there is nothing here that it could judge"
_SHOWN = 2  # names that a list shows


def failure(rule: GateRule, reading: Reading, measured: Measured) -> str:
    """Reason of a failed reading, in one line.

    Args:
        rule: its limit is exceeded.
        reading: has a value.
        measured: holds the unit of the value, and what it is relative to.
    """
    said = KINDS[rule.name].failure(reading, measured.against.get(rule.name), measured.unit)
    return f"{place(reading)} {said}, limit {limit_text(rule, measured.unit)}"


def limit_text(rule: GateRule, unit: str) -> str:
    """A limit with its unit; `unit` is that of regressions.

    >>> limit_text(GateRule("min_preference", 0.45), ""), limit_text(GateRule("min_takes", 2), "")
    ('45 %', '2')
    """
    match KINDS[rule.name].limit:
        case "share":
            return f"{100 * rule.limit:g} %"
        case "jod":
            return f"{rule.limit:g} {unit}"
        case _:
            return f"{rule.limit:g}"


def place(reading: Reading) -> str:
    """Device, firmware, and scene or condition of a reading, in words.

    >>> place(Reading("k2", "1.2", scene="Bar")), place(Reading("k2", condition="Night"))
    ('k2 1.2 in Bar', 'k2 in Night scenes')
    """
    name = " ".join(part for part in (reading.device, reading.firmware) if part)
    if reading.scene is not None:
        return f"{name} in {reading.scene}"
    return name if reading.condition is None else f"{name} in {reading.condition} scenes"


def counted(name: GateName, readings: Sequence[Reading]) -> str:
    """One or two by name, more by their number.

    >>> counted("min_takes", [Reading(d, scene="Bar") for d in "abc"])
    '3 cells'
    """
    if len(readings) <= _SHOWN:
        return " and ".join(place(reading) for reading in readings)
    cells = readings[0].scene is not None
    return f"{len(readings)} {'cells' if cells else 'devices'}"


def scope_text(rule: GateRule) -> str:
    """The patterns of a rule; empty: it has none.

    >>> scope_text(GateRule("min_takes", 2, device="k*", scene="Bar"))
    'device k*, scene Bar'
    """
    patterns = (("device", rule.device), ("scene", rule.scene), ("condition", rule.condition))
    return ", ".join(f"{name} {pattern}" for name, pattern in patterns if pattern is not None)
