"""Every device in every scene: difference, interval, verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from piqa_cli.compare.cells import Cell
from piqa_cli.compare.contrast import NO_NOISE, Contrast, half_width
from piqa_cli.compare.exif import exif_pairs
from piqa_cli.compare.faults import fault_change
from piqa_cli.compare.records import Noise, SceneChange, Verdict
from piqa_cli.compare.verdicts import verdict_of
from piqa_cli.jod import preference
from piqa_cli.records.capture_row import TriedRow
from piqa_cli.report.text import counted


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds and scale by which differences are judged.

    Attributes:
        tie: smaller differences don't count, in units of the score.
        jod_per_unit: JOD for one unit of score; None: no JOD scale.
    """

    tie: float
    jod_per_unit: float | None

    def preference(self, difference: float | None) -> float | None:
        """Share of comparisons in which the model would prefer NEW, 0..1."""
        return None if difference is None else preference(difference, self.jod_per_unit)


def scene_change(cell: Cell, found: Contrast | None, noise: Noise, rules: Rules) -> SceneChange:
    """One cell, judged."""
    half = None if found is None else half_width(found, noise)
    difference = found.difference if found else None
    low = high = None
    if difference is not None and half is not None:
        low, high = difference - half, difference + half
    return SceneChange(
        scene=cell.scene,
        condition=cell.condition,
        subject=cell.subject,
        method=found.method if found else None,
        n_base=len(cell.base_scored),
        n_new=len(cell.new_scored),
        n_pairs=found.n_pairs if found else 0,
        base_score=found.base_mean if found else None,
        score=found.new_mean if found else None,
        difference=difference,
        ci_low=low,
        ci_high=high,
        preference=rules.preference(difference),
        verdict=_verdict(cell, found, low, high, rules),
        note=_note(cell, found, half),
        exif=exif_pairs(cell),
        fault_changes=fault_change(cell),
    )


def _verdict(
    cell: Cell, found: Contrast | None, low: float | None, high: float | None, rules: Rules
) -> Verdict:
    if found is None:
        if not cell.base:
            return "added"
        return "unknown" if cell.new else "removed"
    if found.method == "unchanged":
        return "unchanged"
    return verdict_of(found.difference, low, high, tie=rules.tie)


def _note(cell: Cell, found: Contrast | None, half: float | None) -> str | None:
    """Reason why a cell has no difference, or no interval; None: it has both."""
    if found is not None:
        return NO_NOISE if half is None else None
    if not cell.base or not cell.new:
        return "in NEW only" if not cell.base else "in BASE only"
    return "; ".join(
        f"none scored in {run} ({_failed(rows)})"
        for run, rows, scored in (
            ("BASE", cell.base, cell.base_scored),
            ("NEW", cell.new, cell.new_scored),
        )
        if not scored
    )


def _failed(rows: Sequence[TriedRow]) -> str:
    return f"{counted(len(rows), 'capture')} failed"
