"""The table `[gates]` of piqa.toml as rules."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from piqa_cli.errors import PiqaError
from piqa_cli.gates.kinds import KINDS
from piqa_cli.records.gates import GateCommand, GateJudge, GateLevel, GateRule
from piqa_cli.settings_file import SettingsFile, shown

_CHOICES: dict[str, tuple[str, ...]] = {
    "level": get_args(GateLevel),
    "unjudged": get_args(GateLevel),
    "judge": get_args(GateJudge),
    "command": get_args(GateCommand),
}
_PATTERNS = ("device", "scene", "condition")
_RULES = "rule"


def parse_gates(table: Any, file: SettingsFile) -> tuple[GateRule, ...]:
    """The rules of `[gates]`, then those of each `[[gates.rule]]`, in the order of the file.

    Args:
        table: what the file has under `gates`; None: nothing.
        file: for messages.

    Raises:
        PiqaError: a key or a value that isn't known, or a rule without a limit.
    """
    if table is None:
        return ()
    if not isinstance(table, dict):
        raise file.error("'gates' must be a table: write limits under [gates]")
    several = table.get(_RULES, [])
    if not isinstance(several, list) or not all(isinstance(rule, dict) for rule in several):
        raise file.error("'gates.rule' must be written as [[gates.rule]], with both brackets")
    shared = {key: table[key] for key in _CHOICES if key in table}
    base = {key: value for key, value in table.items() if key != _RULES}
    rules = list(_rules(base, file, "[gates]", extra=(_RULES,)))
    for number, rule in enumerate(several, start=1):
        where = "[[gates.rule]]" if len(several) == 1 else f"[[gates.rule]] number {number}"
        own = list(_rules({**shared, **rule}, file, where, patterns=_PATTERNS))
        if not own:
            raise file.error(f"{where} sets no limit: add one of {', '.join(KINDS)}")
        rules += own
    return tuple(rules)


def _rules(
    table: Mapping[str, Any],
    file: SettingsFile,
    where: str,
    *,
    patterns: tuple[str, ...] = (),
    extra: tuple[str, ...] = (),
) -> Iterator[GateRule]:
    """One rule for each limit of a table."""
    for key, value in table.items():
        if key in _CHOICES:
            _check_choice(key, value, file, where)
        elif key in patterns:
            if not isinstance(value, str) or not value.strip():
                raise file.error(f"{key!r} in {where} must be a pattern, not {shown(value)}")
        elif key in KINDS:
            _check_limit(key, value, file, where)
        elif key in _PATTERNS:
            raise file.error(f"{key!r} in {where}: patterns belong under [[gates.rule]]")
        else:
            raise file.unknown(key, {*_CHOICES, *patterns, *KINDS, *extra}, where=where)
    shared = {key: table[key] for key in (*_CHOICES, *patterns) if key in table}
    for key in ("scene", "condition"):
        if key in table and "max_missing_devices" in table:
            raise file.error(
                f"{key!r} in {where}: a device is missing from all scenes; max_missing_cells "
                "counts devices in scenes"
            )
    for name in KINDS:
        if name in table:
            yield GateRule(name, float(table[name]), **shared)


def _check_choice(key: str, value: Any, file: SettingsFile, where: str) -> None:
    if value not in _CHOICES[key]:
        choices = " or ".join(f'"{choice}"' for choice in _CHOICES[key])
        raise file.error(f"{key!r} in {where} must be {choices}, not {shown(value)}")


def _check_limit(key: str, value: Any, file: SettingsFile, where: str) -> None:
    """Refuses limits out of range: counts are whole, preferences are shares, none is negative."""

    def bad(expected: str) -> PiqaError:
        return file.error(f"{key!r} in {where} must be {expected}, not {shown(value)}")

    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise bad("a number")
    kind = KINDS[key].limit
    if kind == "count" and value != math.floor(value):
        raise bad("a whole number")
    if value < 0:
        raise bad("0 or more")
    if kind == "share" and value > 1:
        raise bad("a share from 0 to 1, such as 0.45")
