"""Results of a comparison of two runs; differences are always new minus base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from piqa_cli.records.expected import Shortfall
from piqa_cli.runs.table_set import Run

Verdict = Literal["better", "worse", "same", "unclear", "unchanged", "unknown", "added", "removed"]
"""Conclusion on a difference.

`better`, `worse`: the 95 % interval excludes 0 and the difference is at least a tie.
`same`: the whole interval lies within the tie, so any difference is too small to count.
`unclear`: neither. `unchanged`: the same files in both runs. `unknown`: no difference or no
interval can be computed. `added`, `removed`: in one run only.
"""

Method = Literal["paired", "ordered", "unpaired", "unchanged"]
"""Way in which captures of a scene were compared: take by take, by their order where names carry
dates or counters, cell means, the same files."""

PairedBy = Literal["take", "path", "content", "name", "order"]
"""Reason why two captures belong together."""

Change = Literal["unchanged", "changed", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A device under its names in both runs.

    Attributes:
        device, firmware: in NEW; None: it is in BASE only. The firmware also where it is unknown.
        base_device, base_firmware: in BASE; None: it is in NEW only.
        label: what people read; unique in a comparison.
    """

    device: str | None
    firmware: str | None
    base_device: str | None
    base_firmware: str | None
    label: str


@dataclass(frozen=True, slots=True)
class ExifPair:
    """One EXIF field of a device in a scene: over the captures of each run.

    Attributes:
        base, new: median of numbers, the distinct texts joined; None: no capture has a value.
    """

    base: float | str | None
    new: float | str | None


@dataclass(frozen=True, slots=True)
class CaptureChange:
    """One capture file, or two that belong together.

    Attributes:
        scene: its scene.
        subject: device that took it.
        change: by content: `unchanged` files may have moved.
        paired_by: why two captures belong together; None: one of them is missing.
        path, base_path: None: not in that run.
        take: in NEW, else in BASE; None: not named.
        status, base_status: `ok` or `failed`; None: not in that run.
        reason: why NEW's failed.
        score, base_score: None: not scored, or not in that run.
        difference: of the two scores, exactly 0 where the file is the same; None: not both scored.
        sha256, base_sha256: of the files, where known.
        size, base_size: working width and height in px, where known.
    """

    scene: str
    subject: Subject
    change: Change
    paired_by: PairedBy | None
    path: str | None
    base_path: str | None
    take: str | None
    status: str | None
    base_status: str | None
    reason: str | None
    score: float | None
    base_score: float | None
    difference: float | None
    sha256: str | None
    base_sha256: str | None
    size: tuple[int, int] | None
    base_size: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class SceneChange:
    """A device in a scene.

    Attributes:
        scene, condition: where.
        subject: who.
        method: how it was compared; None: it wasn't.
        n_base, n_new: scored captures, equal files of one cell once.
        n_pairs: takes that were paired; 0 where means were compared.
        base_score, score: means of the captures that were compared.
        difference: `score` minus `base_score`; exactly 0 for the same files; None: none.
        ci_low, ci_high: its 95 % interval; None: can't be known.
        preference: model preference for NEW over BASE, 0..1; None: no JOD scale.
        verdict: conclusion that the interval allows.
        note: why something is missing.
        exif: by field of the captures table, without `exif_`.
        fault_changes: mean cost of each of `faults.FAULTS` in NEW minus in BASE; None: not known.
    """

    scene: str
    condition: str | None
    subject: Subject
    method: Method | None
    n_base: int
    n_new: int
    n_pairs: int
    base_score: float | None
    score: float | None
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    preference: float | None
    verdict: Verdict
    note: str | None
    exif: dict[str, ExifPair]
    fault_changes: tuple[float, ...] | None = None

    @property
    def is_new(self) -> bool:
        """True if both runs have scores, and NEW isn't of the same files."""
        return self.method is not None and self.method != "unchanged"


@dataclass(frozen=True, slots=True)
class DeviceChange:
    """A device over all scenes, or over those of a condition.

    Attributes:
        condition: of the scenes; None: all scenes.
        subject: who.
        n_scenes: scenes that the difference is taken over.
        n_same_scenes: scenes with the same files in both runs: no information, so left out.
        n_worse_scenes, n_better_scenes: scenes with that verdict, whatever the device's own.
        n_base, n_new: scored captures.
        n_changed, n_added, n_removed: captures by content, failed ones too.
        n_failed_base, n_failed: captures that couldn't be scored.
        difference: mean of the scenes' differences, each scene with the same weight.
        ci_low, ci_high: Student's t over the scenes' differences; None: can't be known.
        preference: model preference for NEW over BASE, 0..1; None: no JOD scale.
        verdict: conclusion that the interval allows.
        worst_scene, worst_difference: of the scenes compared; None: there is none.
        note: why something is missing.
        fault_changes: mean of the compared scenes' changes of each fault's cost; None: not known.
    """

    condition: str | None
    subject: Subject
    n_scenes: int
    n_same_scenes: int
    n_worse_scenes: int
    n_better_scenes: int
    n_base: int
    n_new: int
    n_changed: int
    n_added: int
    n_removed: int
    n_failed_base: int
    n_failed: int
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    preference: float | None
    verdict: Verdict
    worst_scene: str | None
    worst_difference: float | None
    note: str | None
    fault_changes: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Noise:
    """Standard deviation of one take, pooled over cells; None: no cell has two takes.

    Attributes:
        take_sd, take_df: between captures of one cell, over both runs.
        pair_sd, pair_df: between the take-by-take differences of one cell.
    """

    take_sd: float | None
    take_df: int
    pair_sd: float | None
    pair_df: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, compared.

    Attributes:
        base, new: the runs.
        base_name, new_name: what pages call them.
        unit: of the scores.
        tie_jod: smaller differences don't count.
        tie: the same in units of the score; 0 where the model has no JOD scale.
        jod_per_unit: JOD for one unit of score; None: no JOD scale.
        devices: first over all scenes (condition None), then by condition; natural order.
        scenes: by scene, then device, in natural order.
        captures: by scene, device and path, in natural order.
        noise: what intervals within scenes rest on.
        notes: what a reader must know, one line each.
        expected: what NEW lacks of what `[expect]` asks for, else of BASE.
    """

    base: Run
    new: Run
    base_name: str
    new_name: str
    unit: str
    tie_jod: float
    tie: float
    jod_per_unit: float | None
    devices: tuple[DeviceChange, ...]
    scenes: tuple[SceneChange, ...]
    captures: tuple[CaptureChange, ...]
    noise: Noise
    notes: tuple[str, ...]
    expected: Shortfall

    @property
    def given(self) -> bool:
        """True if the scores were given, so that pages mention no files."""
        return self.new.source.scored_by != "model"

    def overall(self) -> tuple[DeviceChange, ...]:
        """The devices over all scenes, the worst difference first; those without one last."""
        rows = (row for row in self.devices if row.condition is None)
        return tuple(sorted(rows, key=lambda row: _worst_first(row.difference)))

    def by_condition(self) -> dict[str, tuple[DeviceChange, ...]]:
        """The devices over the scenes of each condition, in the same order."""
        groups: dict[str, list[DeviceChange]] = {}
        for row in self.devices:
            if row.condition is not None:
                groups.setdefault(row.condition, []).append(row)
        return {
            name: tuple(sorted(rows, key=lambda row: _worst_first(row.difference)))
            for name, rows in groups.items()
        }

    def regressions(self) -> tuple[SceneChange, ...]:
        """Devices in scenes that fell, clearly or not, by what may count; the worst first."""
        worse = (
            row
            for row in self.scenes
            if row.difference is not None and row.difference < 0 and row.verdict != "same"
        )
        return tuple(sorted(worse, key=lambda row: _worst_first(row.difference)))


def _worst_first(difference: float | None) -> tuple[bool, float]:
    return difference is None, difference or 0.0
