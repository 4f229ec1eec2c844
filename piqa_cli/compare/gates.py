"""Values of a comparison that gates judge: NEW against BASE."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from piqa_cli.compare.records import Comparison, DeviceChange, SceneChange, Subject
from piqa_cli.gates.judge import judge
from piqa_cli.gates.kinds import KINDS
from piqa_cli.gates.ranking import NO_JOD_SCALE, Gap, lacking, preference, regression
from piqa_cli.gates.readings import Measured, Reading, unit_of
from piqa_cli.records.gates import GateLevel, GateName, GateResult, GateRule
from piqa_cli.runs.capture_rows import folder_rows

_BASE = "BASE"
_DEVICES = "max_missing_devices"


def judge_comparison(rules: Sequence[GateRule], found: Comparison) -> tuple[GateResult, ...]:
    """Judges the devices that NEW has, and those that it lacks; see `judge`."""
    if found.expected.devices:
        rules = _with_missing(rules)
    return judge(rules, measured_comparison(found), command="compare")


def _with_missing(rules: Sequence[GateRule]) -> tuple[GateRule, ...]:
    """The rules, and one that no device may be missing, unless they say how many may.

    Without it a phone whose folder was renamed would pass every gate.
    """
    meant = [rule for rule in rules if rule.command in (None, "compare")]
    if not meant or any(rule.name == _DEVICES for rule in meant):
        return tuple(rules)
    level: GateLevel = "error" if any(rule.level == "error" for rule in meant) else "warn"
    return (*rules, GateRule(_DEVICES, 0.0, level=level, command="compare"))


def measured_comparison(found: Comparison) -> Measured:
    """Differences as regressions and preferences; takes and failures as NEW has them.

    Devices that are in BASE only are missing and nothing else: what is gone can't be worse. A
    scene that only lacks the device in NEW has 0 takes of it.
    """
    missing = dict.fromkeys(KINDS.keys() - READINGS.keys(), "`compare` has no figures for it")
    if found.jod_per_unit is None:
        missing |= {"max_regression_jod": NO_JOD_SCALE, "min_preference": NO_JOD_SCALE}
    return Measured(
        {name: tuple(readings(found)) for name, readings in READINGS.items()},
        against={"max_regression_jod": _BASE, "min_preference": _BASE},
        unit=unit_of(found.new.source.scale),
        missing=missing,
    )


def _gaps(found: Comparison) -> list[tuple[Reading, Gap | None]]:
    both: tuple[DeviceChange | SceneChange, ...] = (*found.devices, *found.scenes)
    return [(_place(row), _gap(row)) for row in both if row.subject.device is not None]


def _place(row: DeviceChange | SceneChange) -> Reading:
    scene = row.scene if isinstance(row, SceneChange) else None
    note = row.note or "there is no difference" if row.difference is None else None
    who = row.subject
    return Reading(who.device or "", who.firmware, scene, row.condition, note=note)


def _gap(row: DeviceChange | SceneChange) -> tuple[float, float | None] | None:
    """The difference and half its interval; the same files differ by 0, which is sure."""
    if row.difference is None:
        return None
    if row.ci_low is None or row.ci_high is None:
        return row.difference, None
    return row.difference, (row.ci_high - row.ci_low) / 2


def _takes(found: Comparison) -> Iterator[Reading]:
    """Scored captures of NEW, for every device of NEW in every scene."""
    counts = {(row.scene, row.subject): row.n_new for row in found.scenes}
    subjects = dict.fromkeys(row.subject for row in found.scenes if row.subject.device is not None)
    for scene, condition in _conditions(found).items():
        for subject in subjects:
            count = counts.get((scene, subject), 0)
            yield _of(subject, scene, condition, float(count))


def _failed(found: Comparison) -> Iterator[Reading]:
    conditions = _conditions(found)
    for capture in found.captures:
        if capture.status == "failed":
            yield _of(capture.subject, capture.scene, conditions.get(capture.scene), 1.0)
    for row in folder_rows(found.new.tables.captures):
        yield Reading(row.device or "", row.firmware, row.scene, row.condition, 1.0)


def _conditions(found: Comparison) -> dict[str, str | None]:
    return {row.scene: row.condition for row in found.scenes}


def _of(subject: Subject, scene: str, condition: str | None, value: float) -> Reading:
    return Reading(subject.device or "", subject.firmware, scene, condition, value)


READINGS: dict[GateName, Callable[[Comparison], Iterable[Reading]]] = {
    "max_regression_jod": lambda found: (
        regression(place, gap, found.jod_per_unit or 1.0) for place, gap in _gaps(found)
    ),
    "min_preference": lambda found: (
        preference(place, gap, found.jod_per_unit or 1.0) for place, gap in _gaps(found)
    ),
    "max_failed_captures": _failed,
    "min_takes": _takes,
    "max_missing_devices": lambda found: lacking("max_missing_devices", found.expected),
    "max_missing_cells": lambda found: lacking("max_missing_cells", found.expected),
    "max_missing_takes": lambda found: lacking("max_missing_takes", found.expected),
}
"""The figures of `compare` that each gate judges."""
