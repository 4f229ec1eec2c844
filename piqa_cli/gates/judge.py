"""Compares readings with the rules, and gives each rule's results."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from piqa_cli.gates.kinds import KINDS
from piqa_cli.gates.readings import Measured, Reading
from piqa_cli.gates.wording import (
    NOTHING,
    NOTHING_MATCHES,
    counted,
    failure,
    limit_text,
    place,
    scope_text,
)
from piqa_cli.records.gates import GateCommand, GateResult, GateRule

_Verdict = tuple[bool | None, str]


def judge(
    rules: Sequence[GateRule], measured: Measured, *, command: GateCommand
) -> tuple[GateResult, ...]:
    """Judges every rule that is meant for a command.

    Of the rules of one level and one limit, the last one that matches a figure judges it. A
    regression or a preference beyond its limit fails if its 95 % interval confirms that there is
    a difference at all; with `judge = "estimate"` it fails anyway. What can't be judged hasn't
    passed: it fails too, unless the rule says `unjudged = "warn"`.

    Args:
        rules: in the order of the file.
        measured: what the command found.
        command: which one asks.

    Returns:
        By rule: every failure, the worst first; then one row for what couldn't be judged for one
        reason, and one for all that passed.
    """
    meant = [rule for rule in rules if rule.command in (None, command)]
    taken = {index: _own(index, meant, measured) for index in range(len(meant))}
    return tuple(
        result
        for index, rule in enumerate(meant)
        for result in _results(rule, taken[index], measured)
    )


def _own(index: int, rules: Sequence[GateRule], measured: Measured) -> list[Reading]:
    """The readings that a rule judges: those it matches and no later rule of its kind does."""
    rule = rules[index]
    later = [other for other in rules[index + 1 :] if _kind(other) == _kind(rule)]
    return [
        reading
        for reading in measured.of(rule.name)
        if _matches(rule, reading) and not any(_matches(other, reading) for other in later)
    ]


def _kind(rule: GateRule) -> tuple[str, ...]:
    return (rule.name, rule.level, _scope(rule) if _is_difference(rule) else "")


def _is_difference(rule: GateRule) -> bool:
    return KINDS[rule.name].no_difference is not None


def _scope(rule: GateRule) -> str:
    """Figures that a rule is about: those over all scenes, of a condition, or of a scene."""
    if rule.scene is not None:
        return "scene"
    return "overall" if rule.condition is None else "condition"


def _reading_scope(reading: Reading) -> str:
    if reading.scene is not None:
        return "scene"
    return "overall" if reading.condition is None else "condition"


def _matches(rule: GateRule, reading: Reading) -> bool:
    if _is_difference(rule) and _scope(rule) != _reading_scope(reading):
        return False
    names = [reading.device]
    if reading.firmware is not None:
        names.append(f"{reading.device}@{reading.firmware}")
    return (
        any(_fits(rule.device, name) for name in names)
        and _fits(rule.scene, reading.scene)
        and _fits(rule.condition, reading.condition)
    )


def _fits(pattern: str | None, name: str | None) -> bool:
    if pattern is None:
        return True
    return name is not None and fnmatchcase(name.lower(), pattern.lower())


def _results(rule: GateRule, readings: Sequence[Reading], measured: Measured) -> list[GateResult]:
    if rule.name in measured.missing:
        return [_unjudged(rule, measured.missing[rule.name], ())]
    if not _has_matches(rule, measured):
        patterns = scope_text(rule)
        return [_unjudged(rule, f"{NOTHING_MATCHES} {patterns}" if patterns else NOTHING, ())]
    if KINDS[rule.name].total is not None:
        return [_count(rule, readings)]
    if not readings:  # later rules judge them all
        return []
    verdicts = [(_verdict(rule, reading), reading) for reading in readings]
    failed = [reading for (passed, _), reading in verdicts if passed is False]
    passed = [reading for (ok, _), reading in verdicts if ok]
    reasons: dict[str, list[Reading]] = {}
    for (ok, why), reading in verdicts:
        if ok is None:
            reasons.setdefault(why, []).append(reading)
    return [
        *(_failed(rule, reading, measured) for reading in _worst_first(rule, failed)),
        *(_unjudged(rule, why, found) for why, found in reasons.items()),
        *([_passed(rule, passed, measured.unit)] if passed else []),
    ]


def _has_matches(rule: GateRule, measured: Measured) -> bool:
    """Checks that the patterns of a rule match something here; a slip in them must not pass."""
    if KINDS[rule.name].total is not None:
        known = (*measured.of("min_takes"), *measured.of(rule.name))
        return scope_text(rule) == "" or any(_matches(rule, reading) for reading in known)
    return any(_matches(rule, reading) for reading in measured.of(rule.name))


def _verdict(rule: GateRule, reading: Reading) -> _Verdict:
    """True where a reading passes; None and the reason where it can't be judged."""
    value = reading.value
    if value is None:
        return None, reading.note or "there is no figure"
    if not _beyond(rule, value):
        return True, ""
    none = KINDS[rule.name].no_difference
    if none is None or rule.judge == "estimate":
        return False, ""
    nearest = reading.low if _is_maximum(rule) else reading.high
    if nearest is None:
        return None, 'beyond the limit, but there is no interval (judge = "estimate" needs none)'
    return not _confirmed(rule, nearest, none), ""


def _beyond(rule: GateRule, value: float) -> bool:
    return value > rule.limit if _is_maximum(rule) else value < rule.limit


def _is_maximum(rule: GateRule) -> bool:
    return rule.name.startswith("max_")


def _confirmed(rule: GateRule, end: float, none: float) -> bool:
    """True where the interval's end nearest to the limit is still a difference.

    Limits on the good side of no difference (`min_preference` above one half) ask for more: there
    the whole interval must be beyond the limit.
    """
    return end > min(rule.limit, none) if _is_maximum(rule) else end < max(rule.limit, none)


def _worst_first(rule: GateRule, readings: Sequence[Reading]) -> list[Reading]:
    sign = -1 if _is_maximum(rule) else 1
    return sorted(readings, key=lambda reading: sign * (reading.value or 0.0))


def _failed(rule: GateRule, reading: Reading, measured: Measured) -> GateResult:
    return _result(
        rule,
        readings=[reading],
        passed=False,
        value=reading.value,
        text=failure(rule, reading, measured),
    )


def _passed(rule: GateRule, readings: Sequence[Reading], unit: str) -> GateResult:
    nearest = _worst_first(rule, readings)[0]
    text = f"{counted(rule.name, readings)} within the limit of {limit_text(rule, unit)}"
    return _result(rule, readings=readings, passed=True, value=nearest.value, text=text)


def _unjudged(rule: GateRule, why: str, readings: Sequence[Reading]) -> GateResult:
    about = f"{counted(rule.name, readings)}: " if readings else ""
    return _result(rule, readings=readings, passed=None, value=None, text=f"{about}{why}")


def _count(rule: GateRule, readings: Sequence[Reading]) -> GateResult:
    kind = KINDS[rule.name]
    count = float(sum(reading.value or 0.0 for reading in readings))
    where = scope_text(rule)
    text = kind.total(readings) if kind.total else f"{count:g}"
    return GateResult(
        name=rule.name,
        level=rule.level,
        limit=rule.limit,
        where=where or "all captures",
        device=None,
        firmware=None,
        scene=None,
        condition=None,
        value=count,
        passed=count <= rule.limit,
        text=f"{text}{f' of {where}' if where else ''}, limit {rule.limit:g}",
        unjudged=rule.unjudged,
    )


def _result(
    rule: GateRule,
    *,
    readings: Sequence[Reading],
    passed: bool | None,
    value: float | None,
    text: str,
) -> GateResult:
    one: Reading | None = readings[0] if len(readings) == 1 else None
    return GateResult(
        name=rule.name,
        level=rule.level,
        limit=rule.limit,
        where=place(one) if one else counted(rule.name, readings) if readings else scope_text(rule),
        device=one.device if one else None,
        firmware=one.firmware if one else None,
        scene=one.scene if one else None,
        condition=one.condition if one else None,
        value=value,
        passed=passed,
        text=text,
        unjudged=rule.unjudged,
    )
