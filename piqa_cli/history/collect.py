"""Builds the history of one device from runs: points, series, breaks between points.

An overall score is relative to the league's mean in its own run. Two runs can be compared only
with one recipe (model, weights, preprocessing ...), the same devices and the same scenes; a gap to
a reference device needs no other devices to stay where both have the same scenes.
"""

from __future__ import annotations

import difflib
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from piqa_cli.discover.aliases import Aliases
from piqa_cli.discover.names import spelling
from piqa_cli.discover.near_names import ADVICE, near_names, several_ways
from piqa_cli.errors import PiqaError
from piqa_cli.history.find import PastRun
from piqa_cli.history.recipes import differences
from piqa_cli.history.records import History, Left, Point, Series
from piqa_cli.natural import natural
from piqa_cli.records import Competitor, DeviceRank, Recipe
from piqa_cli.records.device_names import DeviceName
from piqa_cli.report.text import counted, listed

_NAMES_AT_MOST = 3
_NEAR = 3  # names that are proposed for a misspelt one


@dataclass(frozen=True, slots=True)
class _Seen:
    """A point, with the devices and scenes that it was measured among.

    Attributes:
        point, recipe: the score, and how it was made.
        devices, scenes: of the league.
        alone: of a gap between two devices that have the same scenes: these scenes. There the
            other devices cancel; elsewhere they bear on a gap, too.
    """

    point: Point
    recipe: Recipe
    devices: tuple[str, ...]
    scenes: tuple[str, ...]
    alone: tuple[str, ...] | None = None


def history_of(
    runs: Sequence[PastRun],
    device: str,
    *,
    damaged: Sequence[Left] = (),
    reference: str | None = None,
    condition: str | None = None,
    devices: Sequence[DeviceName] = (),
) -> History:
    """The history of a device.

    Args:
        runs: by their start.
        device: a device, or DEVICE@FIRMWARE.
        damaged: folders that can't be used.
        reference: the score is the gap to this device; None: to the league's mean.
        condition: only scenes of this condition; None: all.
        devices: entries of `[devices]`; they hold for `runs` already.

    Raises:
        PiqaError: no run has the device, or a run has several firmwares of it.
    """
    aliases = Aliases.of(devices)
    device = aliases.text(device)
    reference = None if reference is None else aliases.text(reference)
    seen: list[_Seen] = []
    absent: list[Left] = []
    for run in runs:
        found = _seen(run, device, reference, condition)
        if isinstance(found, Left):
            absent.append(found)
        else:
            seen.append(found)
    if not seen:
        raise PiqaError(_nowhere(runs, device, reference, absent))
    by_recipe: dict[Recipe, list[_Seen]] = {}
    for item in seen:
        by_recipe.setdefault(item.recipe, []).append(item)
    recipes = list(by_recipe)
    return History(
        device=device,
        reference=reference,
        condition=condition,
        series=tuple(Series(recipe, _joined(items)) for recipe, items in by_recipe.items()),
        differences=tuple(
            differences(before, after) for before, after in itertools.pairwise(recipes)
        ),
        absent=tuple(absent),
        damaged=tuple(damaged),
        warnings=_near_names(runs, devices),
    )


def devices_in(
    runs: Sequence[PastRun], *, reference: str | None = None, condition: str | None = None
) -> list[str]:
    """Names of the devices that two runs or more have ranked, in natural order.

    Args:
        runs: any.
        reference: is none of them.
        condition: of the ranking; None: over all scenes.
    """
    met: Counter[str] = Counter()
    for run in runs:
        rows = [row for row in run.device_ranks if row.condition == condition]
        several = Counter(row.device for row in rows)
        met.update(
            row.device if several[row.device] == 1 else row.competitor.name
            for row in rows
            if row.has_rank
        )
    names = (name for name, count in met.items() if count > 1 and name != reference)
    return sorted(names, key=natural)


def histories_of(
    runs: Sequence[PastRun],
    names: Sequence[str],
    *,
    damaged: Sequence[Left] = (),
    reference: str | None = None,
    condition: str | None = None,
    devices: Sequence[DeviceName] = (),
) -> tuple[History, ...]:
    """The histories of several devices; none named: of all that two runs or more have ranked.

    Args:
        runs: see `history_of`, as for the rest.
        names: devices, each once.
        damaged: folders that can't be used.
        reference: what scores are gaps to.
        condition: of the scenes.
        devices: entries of `[devices]`.

    Raises:
        PiqaError: see `history_of`; or no device is in two runs.
    """
    asked = list(dict.fromkeys(names))
    found = asked or devices_in(
        runs,
        reference=reference and Aliases.of(devices).text(reference),
        condition=condition,
    )
    if not found:
        raise PiqaError("no device is ranked in two runs or more: name one by --device")
    return tuple(
        history_of(
            runs,
            name,
            damaged=damaged,
            reference=reference,
            condition=condition,
            devices=devices,
        )
        for name in found
    )


def _near_names(runs: Sequence[PastRun], devices: Sequence[DeviceName]) -> tuple[str, ...]:
    """Warning of names that are most likely one device."""
    counts: Counter[Competitor] = Counter()
    for run in runs:
        counts.update(row.competitor for row in run.device_ranks if row.condition is None)
    found = near_names(counts, devices)
    return (f"{several_ways(found)}: taken for different devices; {ADVICE}",) if found else ()


def _seen(run: PastRun, device: str, reference: str | None, condition: str | None) -> _Seen | Left:
    rows = [row for row in run.device_ranks if row.condition == condition]
    row = _row_of(run, rows, device)
    if row is None:
        return Left(run.name, f"has no {device}{f' in {condition}' if condition else ''}")
    if not row.has_rank:
        return Left(run.name, f"{device} is {row.note or 'not ranked'}")
    league = [other for other in rows if other.league == row.league and other.has_rank]
    if reference is None:
        interval = (row.ci_low, row.ci_high)
        return _in_field(run, league, _point(run, row, len(league), row.score, interval))
    other = _row_of(run, rows, reference)
    if other is None:
        return Left(run.name, f"has no {reference} to compare with")
    if other.league != row.league:
        return Left(run.name, f"{device} and {reference} share no chain of scenes")
    if not other.has_rank:
        return Left(run.name, f"{reference} is {other.note or 'not ranked'}")
    return _against_reference(run, row, other, league)


def _row_of(run: PastRun, rows: Sequence[DeviceRank], name: str) -> DeviceRank | None:
    """The row of a device by its name; by name and firmware where it has several.

    Raises:
        PiqaError: the name fits several.
    """
    exact = [row for row in rows if row.competitor.is_called(name)]
    fitting = exact or [row for row in rows if row.device == name]
    if len(fitting) > 1:
        raise PiqaError(
            f"{name} has several firmwares in {run.name}: "
            f"name one, such as {fitting[-1].competitor.name!r}"
        )
    return fitting[0] if fitting else None


def _against_reference(
    run: PastRun, row: DeviceRank, other: DeviceRank, league: Sequence[DeviceRank]
) -> _Seen:
    gap = row.score - other.score
    interval: tuple[float | None, float | None] = (None, None)
    reference = row.reference
    if reference is not None and other.competitor.is_called(reference):
        # The run was ranked against it, too.
        interval = (row.gap_low, row.gap_high)
    own, theirs = (_scenes(run, [one]) for one in (row, other))
    seen = _in_field(run, league, _point(run, row, len(league), gap, interval))
    return replace(seen, alone=own if own == theirs else None)


def _in_field(run: PastRun, league: Sequence[DeviceRank], point: Point) -> _Seen:
    devices = tuple(sorted(row.device for row in league))
    return _Seen(point, run.recipe, devices, _scenes(run, league))


def _scenes(run: PastRun, rows: Sequence[DeviceRank]) -> tuple[str, ...]:
    """The scenes that devices of one ranking have."""
    members = {(row.device, row.firmware) for row in rows}
    condition = rows[0].condition
    scenes = {
        row.scene
        for row in run.scene_ranks
        if (row.device, row.firmware) in members
        and (condition is None or row.condition == condition)
    }
    return tuple(sorted(scenes))


def _point(
    run: PastRun,
    row: DeviceRank,
    n_devices: int,
    score: float,
    interval: tuple[float | None, float | None],
) -> Point:
    return Point(
        run=run.name,
        started_at=run.started_at,
        firmware=row.firmware,
        score=score,
        ci_low=interval[0],
        ci_high=interval[1],
        rank=row.rank,
        rank_low=row.rank_low,
        rank_high=row.rank_high,
        n_devices=n_devices,
        n_scenes=row.n_scenes,
        n_captures=row.n_captures,
        note=row.note,
    )


def _joined(items: Sequence[_Seen]) -> tuple[Point, ...]:
    """The points of a series, each with its change or with the reasons why it has none."""
    points = [items[0].point]
    for before, after in itertools.pairwise(items):
        breaks = _breaks(before, after)
        change = None if breaks else after.point.score - before.point.score
        points.append(replace(after.point, breaks=breaks, change=change))
    return tuple(points)


def _breaks(before: _Seen, after: _Seen) -> tuple[str, ...]:
    """Reasons why two points can't be compared: other devices or scenes; empty: they can."""
    if before.alone is not None and before.alone == after.alone:
        return ()
    return (
        *_changed("devices", before.devices, after.devices),
        *_changed("scenes", before.scenes, after.scenes),
    )


def _changed(what: str, before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Names that were added and removed, in one phrase; empty: none."""
    came, went = Counter(after) - Counter(before), Counter(before) - Counter(after)
    parts = [
        f"{word} {listed(sorted(names.elements()), most=_NAMES_AT_MOST)}"
        for word, names in (("with", came), ("without", went))
        if names
    ]
    return (f"{what}: {', '.join(parts)}",) if parts else ()


def _nowhere(
    runs: Iterable[PastRun], device: str, reference: str | None, absent: Sequence[Left]
) -> str:
    """Reason why a device has no history, with the names near to it."""
    rows = [row for run in runs for row in run.device_ranks]
    if not rows:
        return "no run can be used"
    for what, name in (("device", device), ("reference", reference)):
        if name is not None and not any(_is_named(row, name) for row in rows):
            return f"no run has the {what} {name!r}; {_proposal(name, rows)}"
    return f"no run can be used: {absent[-1].run} {absent[-1].reason}"


def _is_named(row: DeviceRank, name: str) -> bool:
    return name == row.device or row.competitor.is_called(name)


def _proposal(name: str, rows: Iterable[DeviceRank]) -> str:
    """The known names near to one; without any, one of them as an example."""
    known = sorted({row.device for row in rows} | {row.competitor.name for row in rows})
    folded = {other.casefold(): other for other in known}
    same = [other for other in known if spelling(other).key == spelling(name).key]
    near = same or [
        folded[other] for other in difflib.get_close_matches(name.casefold(), folded, n=_NEAR)
    ]
    if not near:
        count = len({row.device for row in rows})
        return f"none has a name near it ({counted(count, 'device')}, such as {known[0]!r})"
    return f"did you mean {' or '.join(map(repr, near))}?"
