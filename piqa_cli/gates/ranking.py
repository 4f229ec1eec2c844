"""Readings of a ranking run for the gates."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from piqa_cli.gates.judge import judge
from piqa_cli.gates.kinds import KINDS
from piqa_cli.gates.readings import Measured, Reading, unit_of
from piqa_cli.jod import share_preferring
from piqa_cli.records import DeviceRank, Failed, Ranking, SceneRank, ScoreSource
from piqa_cli.records.gates import GateName, GateResult, GateRule

NO_JOD_SCALE = "the scores have no JOD scale"
_Key = tuple[str, str | None]
Gap = tuple[float, float | None]
"""A gap to what devices are held against, in units of the score, and half its interval."""


def judge_ranking(
    rules: Sequence[GateRule],
    ranking: Ranking,
    failed: Sequence[Failed],
    *,
    source: ScoreSource,
) -> tuple[GateResult, ...]:
    """Judges the results of `rank`; see `judge` and `measured_ranking`."""
    if not rules:
        return ()
    measured = measured_ranking(ranking.scenes, ranking.devices, failed, source=source)
    return judge(rules, measured, command="rank")


def measured_ranking(
    scenes: Sequence[SceneRank],
    devices: Sequence[DeviceRank],
    failed: Sequence[Failed],
    *,
    source: ScoreSource,
) -> Measured:
    """Readings of `rank`: gaps to the reference, preferences, takes and failures.

    Regressions are against the reference; preferences too, or against the mean device without
    one. The reference itself isn't judged by either.

    Args:
        scenes: ranks within scenes.
        devices: ranks over scenes.
        failed: captures that couldn't be scored.
        source: what made the scores.
    """
    found = Ranked(scenes, devices, failed, source)
    missing = dict.fromkeys(KINDS.keys() - READINGS.keys(), "`rank` has no figures for it")
    if source.jod_per_unit is None:
        missing |= {"max_regression_jod": NO_JOD_SCALE, "min_preference": NO_JOD_SCALE}
    elif found.reference is None:
        missing["max_regression_jod"] = "no reference to be worse than: name one (--reference)"
    against = found.reference or "the mean device"
    return Measured(
        {name: tuple(readings(found)) for name, readings in READINGS.items()},
        against={"max_regression_jod": against, "min_preference": against},
        unit=unit_of(source.scale),
        missing=missing,
    )


@dataclass(frozen=True, slots=True)
class Ranked:
    """Results of `rank`: ranks within scenes and over them, failures, the source of the scores."""

    scenes: Sequence[SceneRank]
    devices: Sequence[DeviceRank]
    failed: Sequence[Failed]
    source: ScoreSource

    @property
    def reference(self) -> str | None:
        """The device that the others are held against."""
        return next((row.reference for row in self.devices if row.reference is not None), None)

    @property
    def jod_per_unit(self) -> float:
        """JOD for one unit of score; 1 where that isn't known, and nothing is judged by it."""
        return self.source.jod_per_unit or 1.0

    def gaps(self) -> list[tuple[Reading, Gap | None]]:
        """Gaps to the reference, else to the mean, of all but the reference itself."""
        reference = self.reference
        rivals = [row for row in self.devices if row.competitor.name != reference]
        return [*_device_gaps(rivals), *_scene_gaps(self.scenes, reference)]


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


def _takes(
    scenes: Sequence[SceneRank], devices: Sequence[DeviceRank], failed: Sequence[Failed]
) -> Iterator[Reading]:
    """Scored captures of every device in every scene; where there are none, 0."""
    with_firmware = any(row.firmware is not None for row in devices)
    tried: list[tuple[str, str | None, _Key]] = [
        (f.capture.scene, f.capture.condition, _key(f, with_firmware)) for f in failed
    ]
    ranked = [(row.scene, row.condition, (row.device, row.firmware)) for row in scenes]
    conditions: Mapping[str, str | None] = {scene: condition for scene, condition, _ in ranked} | {
        scene: condition for scene, condition, _ in tried
    }
    rivals = dict.fromkeys(key for _, _, key in (*ranked, *tried))
    counts = {(row.scene, row.device, row.firmware): row.n_captures for row in scenes}
    for scene, condition in conditions.items():
        for device, firmware in rivals:
            count = counts.get((scene, device, firmware), 0)
            yield Reading(device, firmware, scene, condition, float(count))


def _key(failed: Failed, with_firmware: bool) -> _Key:
    return failed.capture.device, failed.capture.firmware if with_firmware else None


def _failure(failed: Failed) -> Reading:
    capture = failed.capture
    return Reading(capture.device, capture.firmware, capture.scene, capture.condition, 1.0)


READINGS: dict[GateName, Callable[[Ranked], Iterable[Reading]]] = {
    "max_regression_jod": lambda found: (
        regression(place, gap, found.jod_per_unit) for place, gap in found.gaps()
    ),
    "min_preference": lambda found: (
        preference(place, gap, found.jod_per_unit) for place, gap in found.gaps()
    ),
    "max_failed_captures": lambda found: map(_failure, found.failed),
    "min_takes": lambda found: _takes(found.scenes, found.devices, found.failed),
}
"""The figures of `rank` that each gate judges."""
