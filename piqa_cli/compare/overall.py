"""Every device over all scenes, and over the scenes of each condition."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from piqa_cli.compare.faults import mean_fault_change
from piqa_cli.compare.records import CaptureChange, DeviceChange, SceneChange, Subject, Verdict
from piqa_cli.compare.scenes import Rules
from piqa_cli.compare.verdicts import verdict_of
from piqa_cli.natural import natural
from piqa_cli.rank.intervals import mean_and_half
from piqa_cli.report.text import counted

ONE_SCENE = "no interval: one scene alone doesn't tell how scenes differ"


def device_changes(
    subjects: Sequence[Subject],
    scenes: Sequence[SceneChange],
    captures: Sequence[CaptureChange],
    rules: Rules,
) -> Iterator[DeviceChange]:
    """First over all scenes, then over those of each condition, where there are several.

    Only differences within a scene are averaged, each scene with the same weight; scores of
    different scenes are never mixed. Scenes with the same files in both runs are left out: nothing
    was shot in them, so they hold no information on the new firmware.
    """
    own_scenes: defaultdict[Subject, list[SceneChange]] = defaultdict(list)
    own_captures: defaultdict[Subject, list[CaptureChange]] = defaultdict(list)
    for row in scenes:
        own_scenes[row.subject].append(row)
    for capture in captures:
        own_captures[capture.subject].append(capture)
    for condition in (None, *_conditions(scenes)):
        for subject in subjects:
            rows = [row for row in own_scenes[subject] if condition in (None, row.condition)]
            names = {row.scene for row in rows}
            shots = [capture for capture in own_captures[subject] if capture.scene in names]
            if rows:
                yield _device(condition, rows, shots, rules)


def _conditions(scenes: Sequence[SceneChange]) -> list[str]:
    """Conditions that get a table of their own; a single one would repeat the whole."""
    met = {row.condition for row in scenes}
    return sorted((name for name in met if name is not None), key=natural) if len(met) > 1 else []


def _device(
    condition: str | None,
    scenes: Sequence[SceneChange],
    captures: Sequence[CaptureChange],
    rules: Rules,
) -> DeviceChange:
    moved = [row for row in scenes if row.is_new]
    n_same = sum(row.method == "unchanged" for row in scenes)
    gaps = [row.difference for row in moved if row.difference is not None]
    difference, half = _mean_and_half(gaps, n_same)
    low = high = None
    if difference is not None and half is not None:
        low, high = difference - half, difference + half
    n_failed_base = sum(c.base_status == "failed" for c in captures)
    n_failed = sum(c.status == "failed" for c in captures)
    worst = min(moved, key=lambda row: row.difference or 0.0, default=None)
    return DeviceChange(
        condition=condition,
        subject=scenes[0].subject,
        n_scenes=len(gaps),
        n_same_scenes=n_same,
        n_worse_scenes=sum(row.verdict == "worse" for row in scenes),
        n_better_scenes=sum(row.verdict == "better" for row in scenes),
        n_base=sum(row.n_base for row in scenes),
        n_new=sum(row.n_new for row in scenes),
        n_changed=sum(c.change == "changed" for c in captures),
        n_added=sum(c.change == "added" for c in captures),
        n_removed=sum(c.change == "removed" for c in captures),
        n_failed_base=n_failed_base,
        n_failed=n_failed,
        difference=difference,
        ci_low=low,
        ci_high=high,
        preference=rules.preference(difference),
        verdict=_verdict(scenes, gaps, low, high, rules),
        worst_scene=worst.scene if worst else None,
        worst_difference=worst.difference if worst else None,
        note=_note(scenes, gaps, n_same=n_same, n_failed_base=n_failed_base, n_failed=n_failed),
        fault_changes=mean_fault_change([row.fault_changes for row in moved]),
    )


def _mean_and_half(gaps: Sequence[float], n_same: int) -> tuple[float | None, float | None]:
    """Mean difference and half of its 95 % interval; exactly 0 where all files are the same."""
    if not gaps:
        return (0.0, 0.0) if n_same else (None, None)
    return mean_and_half(gaps)


def _verdict(
    scenes: Sequence[SceneChange],
    gaps: Sequence[float],
    low: float | None,
    high: float | None,
    rules: Rules,
) -> Verdict:
    if gaps:
        return verdict_of(math.fsum(gaps) / len(gaps), low, high, tie=rules.tie)
    met: set[Verdict] = {row.verdict for row in scenes}
    if "unchanged" in met:
        return "unchanged"
    subject = scenes[0].subject
    if subject.base_device is None or met == {"added"}:
        return "added"
    if subject.device is None or met == {"removed"}:
        return "removed"
    return "unknown"


def _note(
    scenes: Sequence[SceneChange],
    gaps: Sequence[float],
    *,
    n_same: int,
    n_failed_base: int,
    n_failed: int,
) -> str | None:
    """Note on scenes and captures that are missing or left out, with the reason."""
    notes: list[str] = []
    if len(gaps) == 1:
        notes.append(ONE_SCENE)
    if not gaps and not n_same:
        notes += _nothing_compared(scenes, n_failed_base=n_failed_base, n_failed=n_failed)
    if gaps and n_same:
        verb = "is" if n_same == 1 else "are"
        notes.append(f"{counted(n_same, 'scene')} with the same files {verb} left out")
    if n_failed and (gaps or n_same):
        notes.append(f"{counted(n_failed, 'capture')} of NEW could not be scored")
    return "; ".join(notes) or None


def _nothing_compared(
    scenes: Sequence[SceneChange], *, n_failed_base: int, n_failed: int
) -> list[str]:
    """Reasons why no scene has a difference; failed captures are counted over all scenes."""
    if len(scenes) == 1:
        return [scenes[0].note] if scenes[0].note else []
    tried = [row for row in scenes if row.verdict == "unknown"]
    notes = [
        f"none scored in {run} in {counted(n, 'scene')} ({counted(failed, 'capture')} failed)"
        for run, n, failed in (
            ("BASE", sum(row.n_base == 0 for row in tried), n_failed_base),
            ("NEW", sum(row.n_new == 0 for row in tried), n_failed),
        )
        if n
    ]
    rest = (row.note for row in scenes if row.note and row.verdict != "unknown")
    return [*notes, *dict.fromkeys(rest)]
