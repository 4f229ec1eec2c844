"""Readings of a ranking run for the gates."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from piqa_cli.gates.judge import judge
from piqa_cli.gates.kinds import KINDS
from piqa_cli.gates.readings import Measured, Reading, unit_of
from piqa_cli.jod import share_preferring
from piqa_cli.records import (
    Competitor,
    DeviceRank,
    Failed,
    FailedFolder,
    Ranking,
    SceneRank,
    ScoreSource,
)
from piqa_cli.records.expected import Shortfall
from piqa_cli.records.gates import GateName, GateResult, GateRule

NO_JOD_SCALE = "the scores have no JOD scale"
NO_REFERENCE = (
    "no reference to be worse than: name one (--reference), "
    'or say command = "compare" if only that is meant'
)
NOTHING_EXPECTED = "nothing is expected: write [expect] into piqa.toml"
AnyFailed = Failed | FailedFolder
_Place = tuple[str, str | None, str | None, str | None]
Gap = tuple[float, float | None]
"""A gap to what devices are held against, in units of the score, and half its interval."""


def judge_ranking(
    rules: Sequence[GateRule],
    ranking: Ranking,
    failed: Sequence[AnyFailed],
    *,
    source: ScoreSource,
    expected: Shortfall | None = None,
) -> tuple[GateResult, ...]:
    """Judges the results of `rank`; see `judge` and `measured_ranking`."""
    if not rules:
        return ()
    measured = measured_ranking(
        ranking.scenes, ranking.devices, failed, source=source, expected=expected
    )
    return judge(rules, measured, command="rank")


def measured_ranking(
    scenes: Sequence[SceneRank],
    devices: Sequence[DeviceRank],
    failed: Sequence[AnyFailed],
    *,
    source: ScoreSource,
    expected: Shortfall | None = None,
) -> Measured:
    """Readings of `rank`: gaps to the reference, preferences, takes and failures.

    Regressions are against the reference; preferences too, or against the mean device without
    one. The reference itself isn't judged by either.

    Args:
        scenes: ranks within scenes.
        devices: ranks over scenes.
        failed: captures that couldn't be scored, and folders without any.
        source: what made the scores.
        expected: what is missing of what was expected; None: nothing was expected.
    """
    found = Ranked(scenes, devices, failed, source, expected)
    missing = dict.fromkeys(KINDS.keys() - READINGS.keys(), "`rank` has no figures for it")
    if source.jod_per_unit is None:
        missing |= {"max_regression_jod": NO_JOD_SCALE, "min_preference": NO_JOD_SCALE}
    elif found.reference is None:
        missing["max_regression_jod"] = NO_REFERENCE
    if expected is None:
        missing |= dict.fromkeys(MISSING, NOTHING_EXPECTED)
    against = found.reference or "the mean device"
    return Measured(
        {name: tuple(readings(found)) for name, readings in READINGS.items()},
        against={"max_regression_jod": against, "min_preference": against},
        unit=unit_of(source.scale),
        missing=missing,
    )


@dataclass(frozen=True, slots=True)
class Ranked:
    """Results of `rank`: ranks within scenes and over them, failures, what is missing.

    Attributes:
        scenes, devices: ranks.
        failed: captures and folders.
        source: of the scores.
        expected: see `measured_ranking`.
    """

    scenes: Sequence[SceneRank]
    devices: Sequence[DeviceRank]
    failed: Sequence[AnyFailed]
    source: ScoreSource
    expected: Shortfall | None = None

    @property
    def reference(self) -> str | None:
        """The device that the others are held against."""
        return next((row.reference for row in self.devices if row.reference is not None), None)

    @property
    def jod_per_unit(self) -> float:
        """JOD for one unit of score; 1 where that isn't known, and nothing is judged by it."""
        return self.source.jod_per_unit or 1.0

    @property
    def with_firmware(self) -> bool:
        """True if devices compete by firmware."""
        return any(row.firmware is not None for row in self.devices)

    def failures(self) -> list[Reading]:
        """Failures with their places; a folder above the devices belongs to none of them."""
        of = [f if isinstance(f, FailedFolder) else f.capture for f in self.failed]
        return [
            Reading(
                f.device or "",
                f.firmware if self.with_firmware else None,
                f.scene,
                f.condition,
                1.0,
            )
            for f in of
        ]

    def gaps(self) -> list[tuple[Reading, Gap | None]]:
        """Gaps to the reference, else to the mean, of all but the reference itself.

        Where a device was photographed and no capture of it has a score, there is none: such a
        device mustn't pass for one that was judged.
        """
        reference = self.reference
        rivals = [row for row in self.devices if row.competitor.name != reference]
        lost = ((place, None) for place in self._lost() if _name_of(place) != reference)
        return [*_device_gaps(rivals), *_scene_gaps(self.scenes, reference), *lost]

    def _lost(self) -> Iterator[Reading]:
        """Places of a device (overall, in a condition, in a scene) where all captures failed."""
        known: set[_Place] = {
            (row.device, row.firmware, None, row.condition) for row in self.devices
        }
        known |= {(row.device, row.firmware, row.scene, row.condition) for row in self.scenes}
        lost: Counter[_Place] = Counter()
        for failure in self.failures():
            scene, condition = failure.scene, failure.condition
            for where in dict.fromkeys([(None, None), (None, condition), (scene, condition)]):
                if failure.device:
                    lost[failure.device, failure.firmware, *where] += 1
        for place, count in lost.items():
            if place not in known:
                captures = "its only capture" if count == 1 else f"all its {count} captures"
                yield Reading(*place, note=f"{captures} failed")


def regression(place: Reading, gap: Gap | None, jod_per_unit: float) -> Reading:
    """A gap in units of the score as JOD that a device is worse."""
    if gap is None:
        return place
    worse = -gap[0] * jod_per_unit
    half = None if gap[1] is None else gap[1] * jod_per_unit
    return _with(
        place, worse, None if half is None else worse - half, None if half is None else worse + half
    )


def preference(place: Reading, gap: Gap | None, jod_per_unit: float) -> Reading:
    """A gap in units of the score as the share that prefers the device."""
    if gap is None:
        return place
    value, half = gap
    share = share_preferring(value * jod_per_unit)
    if half is None:
        return _with(place, share, None, None)
    low, high = (share_preferring((value + side * half) * jod_per_unit) for side in (-1, 1))
    return _with(place, share, low, high)


def _with(place: Reading, value: float, low: float | None, high: float | None) -> Reading:
    return Reading(
        place.device, place.firmware, place.scene, place.condition, value, low, high, place.note
    )


def _device_gaps(rows: Sequence[DeviceRank]) -> Iterator[tuple[Reading, Gap | None]]:
    for row in rows:
        place = Reading(row.device, row.firmware, None, row.condition)
        if not row.has_rank:
            yield _noted(place, row.note or "not ranked"), None
        elif row.reference is None:
            yield place, (row.score, _half(row.ci_low, row.ci_high))
        elif row.gap is None:
            note = f"no gap to {row.reference}, which has no score or no rank in its league"
            yield _noted(place, note), None
        else:
            yield place, (row.gap, _half(row.gap_low, row.gap_high))


def _scene_gaps(
    rows: Sequence[SceneRank], reference: str | None
) -> Iterator[tuple[Reading, Gap | None]]:
    by_scene: dict[str, list[SceneRank]] = {}
    for row in rows:
        by_scene.setdefault(row.scene, []).append(row)
    for rivals in by_scene.values():
        base = next((row for row in rivals if row.competitor.name == reference), None)
        to_mean = _halves_of_mean_gaps(rivals)
        for row, half in zip(rivals, to_mean, strict=True):
            place = Reading(row.device, row.firmware, row.scene, row.condition)
            if reference is None:
                yield place, (row.gap_to_scene_mean, half)
            elif base is None:
                yield _noted(place, f"{reference} has no score in this scene"), None
            elif row is not base:
                yield place, (row.score - base.score, _half_of_gap(row, base))


def _half_of_gap(one: SceneRank, other: SceneRank) -> float | None:
    """Half the interval of a gap: the noise of takes is one variance, the same for both."""
    halves = (_half(one.ci_low, one.ci_high), _half(other.ci_low, other.ci_high))
    return None if None in halves else math.hypot(*(half or 0.0 for half in halves))


def _halves_of_mean_gaps(rivals: Sequence[SceneRank]) -> list[float | None]:
    """Half the interval of each gap to the mean of the scene's devices, the device among them."""
    k = len(rivals)
    halves = [_half(row.ci_low, row.ci_high) for row in rivals]
    squares = [half**2 for half in halves if half is not None]
    if len(squares) < k:
        return [None] * k
    total = sum(squares)
    # The device's own mean counts 1 - 1/k times, that of every other 1/k times.
    return [math.sqrt(max(0.0, (1 - 1 / k) ** 2 * own + (total - own) / k**2)) for own in squares]


def _half(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else (high - low) / 2


def _noted(place: Reading, note: str) -> Reading:
    return Reading(place.device, place.firmware, place.scene, place.condition, note=note)


def _name_of(place: Reading) -> str:
    return Competitor(place.device, place.firmware).name


def _takes(found: Ranked) -> Iterator[Reading]:
    """Scored captures of every device in every scene; where there are none, 0."""
    tried = found.failures()
    ranked = [(row.scene, row.condition, (row.device, row.firmware)) for row in found.scenes]
    conditions: Mapping[str, str | None] = {scene: condition for scene, condition, _ in ranked} | {
        place.scene: place.condition for place in tried if place.scene is not None
    }
    rivals = dict.fromkeys(key for _, _, key in ranked)
    rivals |= dict.fromkeys((p.device, p.firmware) for p in tried if p.device)
    counts = {(row.scene, row.device, row.firmware): row.n_captures for row in found.scenes}
    for scene, condition in conditions.items():
        for device, firmware in rivals:
            count = counts.get((scene, device, firmware), 0)
            yield Reading(device, firmware, scene, condition, float(count))


def _missing_devices(expected: Shortfall) -> Iterator[Reading]:
    return (Reading(device, value=1.0) for device in expected.devices)


def _missing_cells(expected: Shortfall) -> Iterator[Reading]:
    for cell in expected.empty_cells:
        yield Reading(cell.device, None, cell.scene, cell.condition, 1.0)


def _missing_takes(expected: Shortfall) -> Iterator[Reading]:
    for cell in expected.cells:
        missing = float(cell.expected - cell.found)
        yield Reading(cell.device, None, cell.scene, cell.condition, missing)


MISSING: dict[GateName, Callable[[Shortfall], Iterable[Reading]]] = {
    "max_missing_devices": _missing_devices,
    "max_missing_cells": _missing_cells,
    "max_missing_takes": _missing_takes,
}
"""Readings of what is missing, for `rank` and `compare` alike."""


def lacking(name: GateName, expected: Shortfall | None) -> Iterable[Reading]:
    """Readings of a gate on what is missing; none where nothing was expected."""
    return () if expected is None else MISSING[name](expected)


READINGS: dict[GateName, Callable[[Ranked], Iterable[Reading]]] = {
    "max_regression_jod": lambda found: (
        regression(place, gap, found.jod_per_unit) for place, gap in found.gaps()
    ),
    "min_preference": lambda found: (
        preference(place, gap, found.jod_per_unit) for place, gap in found.gaps()
    ),
    "max_failed_captures": lambda found: found.failures(),
    "min_takes": _takes,
    "max_missing_devices": lambda found: lacking("max_missing_devices", found.expected),
    "max_missing_cells": lambda found: lacking("max_missing_cells", found.expected),
    "max_missing_takes": lambda found: lacking("max_missing_takes", found.expected),
}
"""The figures of `rank` that each gate judges."""
