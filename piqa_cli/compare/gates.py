"""Values of a comparison that gates judge: NEW against BASE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from piqa_cli.compare.records import Comparison, DeviceChange, SceneChange, Subject
from piqa_cli.gates.judge import judge
from piqa_cli.gates.ranking import NO_JOD_SCALE, preference, regression
from piqa_cli.gates.readings import Measured, Reading, unit_of
from piqa_cli.records.gates import GateName, GateResult, GateRule

_BASE = "BASE"


def judge_comparison(rules: Sequence[GateRule], found: Comparison) -> tuple[GateResult, ...]:
    """Judges the devices that NEW has; see `judge`."""
    return judge(rules, measured_comparison(found), command="compare")


def measured_comparison(found: Comparison) -> Measured:
    """Differences as regressions and preferences; takes and failures as NEW has them.

    Devices that are in BASE only aren't judged: what is gone can't be worse. A scene that only
    lacks the device in NEW has 0 takes of it.
    """
    unit = found.jod_per_unit
    both: tuple[DeviceChange | SceneChange, ...] = (*found.devices, *found.scenes)
    rows = [row for row in both if row.subject.device is not None]
    missing: dict[GateName, str] = {}
    if unit is None:
        missing = {"max_regression_jod": NO_JOD_SCALE, "min_preference": NO_JOD_SCALE}
    gaps = [(_place(row), _gap(row)) for row in rows]
    conditions = {row.scene: row.condition for row in found.scenes}
    return Measured(
        regressions=tuple(regression(place, gap, unit or 1.0) for place, gap in gaps),
        preferences=tuple(preference(place, gap, unit or 1.0) for place, gap in gaps),
        takes=tuple(_takes(found, conditions)),
        failed=tuple(
            _of(capture.subject, capture.scene, conditions.get(capture.scene), 1.0)
            for capture in found.captures
            if capture.status == "failed"
        ),
        against={"max_regression_jod": _BASE, "min_preference": _BASE},
        unit=unit_of(found.new.source.scale),
        missing=missing,
    )


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


def _takes(found: Comparison, conditions: Mapping[str, str | None]) -> Iterator[Reading]:
    """Scored captures of NEW, for every device of NEW in every scene."""
    counts = {(row.scene, row.subject): row.n_new for row in found.scenes}
    subjects = dict.fromkeys(row.subject for row in found.scenes if row.subject.device is not None)
    for scene, condition in conditions.items():
        for subject in subjects:
            count = counts.get((scene, subject), 0)
            yield _of(subject, scene, condition, float(count))


def _of(subject: Subject, scene: str, condition: str | None, value: float) -> Reading:
    return Reading(subject.device or "", subject.firmware, scene, condition, value)
