"""Fault profile of a device in words and figures: by which faults it loses more than others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from piqa_cli.faults import FAULTS, Fault
from piqa_cli.records import Competitor
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.records.ranks import FaultEffect
from piqa_cli.report.charts.axis import Axis, axis_of
from piqa_cli.report.charts.intervals import axis_svg, interval_svg
from piqa_cli.report.escaping import printable
from piqa_cli.report.fault_costs import mean_costs
from piqa_cli.report.site import Site
from piqa_cli.report.text import listed, number, signed, span
from piqa_cli.report.tiles import counted_rows

_LEAST = 0.1  # score units; smaller effects are shown, but no sentence names them
_MOST_NAMED = 3
_CLEAR = {
    "below": "costs it more",
    "above": "costs it less",
    "small": "less than 0.1 apart",
    "": "can't be told",
}
_FAULTS = {fault.name: fault for fault in FAULTS}

Profile = Sequence[FaultEffect]
Profiles = dict[tuple[str | None, Competitor], list[FaultEffect]]
"""Effects by condition (None: all scenes) and device; empty for models that know no faults."""


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One fault of one device.

    Attributes:
        words: name of the fault.
        cost: effect against the mean device, with its sign; more is worse.
        level: `below` or `above` the mean device where that is clear, `small` where it is too
            little to matter, else empty.
        clear: the same in words.
    """

    words: str
    cost: str
    interval: str
    level: str
    clear: str
    chart: Markup


@dataclass(frozen=True, slots=True)
class ProfileView:
    """All faults of a device, the costliest first.

    Attributes:
        sentence: the clear ones.
        rows: one a fault.
        axis: over their charts.
        conditions: `loses_by` of every condition, where it names a fault.
    """

    sentence: str
    rows: tuple[FaultRow, ...]
    axis: Markup
    conditions: tuple[tuple[str, str], ...]


def profiles(site: Site) -> Profiles:
    """The effects of a run, once for all devices."""
    found: Profiles = {}
    for row in site.run.tables.faults:
        if row.fault in _FAULTS:
            found.setdefault((row.condition, site.key(row)), []).append(row)
    return found


def mean_scene_costs(site: Site, scene: str) -> tuple[float, ...] | None:
    """Mean cost of each fault in a scene, see `mean_costs`."""
    if not site.states_faults:
        return None
    devices: dict[Competitor, list[ScoredRow]] = {}
    for row in site.captures.get(scene, ()):
        if isinstance(row, ScoredRow):
            devices.setdefault(site.key(row), []).append(row)
    return mean_costs(counted_rows(rows) for rows in devices.values())


def weak(profile: Profile) -> list[FaultEffect]:
    """Faults that clearly cost a device more than the mean device, the costliest first."""
    found = [row for row in profile if row.interval and row.interval[0] > 0 and row.cost >= _LEAST]
    return sorted(found, key=lambda row: -row.cost)


def strong(profile: Profile) -> list[FaultEffect]:
    """Faults that clearly cost a device less than the mean device, the cheapest first."""
    found = [row for row in profile if row.interval and row.interval[1] < 0 and -row.cost >= _LEAST]
    return sorted(found, key=lambda row: row.cost)


def loses_by(profile: Profile) -> str:
    """The faults that a device clearly loses by, for a cell of a table; empty: none is clear.

    >>> halos = FaultEffect(None, 1, "k2", None, "halo", 5, 0.46, 0.3, 0.6)
    >>> loses_by([halos])
    'halos 0.46'
    """
    named = weak(profile)[:_MOST_NAMED]
    return ", ".join(map(words_of, named))


def words_of(row: FaultEffect) -> str:
    """A fault with the size of its effect, without a sign."""
    return f"{_FAULTS[row.fault].words} {number(abs(row.cost))}"


def profile_view(site: Site, found: Profiles, key: Competitor) -> ProfileView | None:
    """The faults of one device; None: the model knows none, or nothing compares with it."""
    own = found.get((None, key), [])
    if not own:
        return None
    ends = [end for row in own for end in (row.cost, row.ci_low, row.ci_high)]
    axis = axis_of(ends, zero=True, ticks_at_most=5)
    label = site.competitors[key].label
    ordered = sorted(own, key=lambda row: -row.cost)
    conditions = {condition for condition, who in found if who == key and condition is not None}
    by_condition = {
        condition: loses_by(found[condition, key])
        for condition in dict.fromkeys(scene.condition for scene in site.scenes.values())
        if condition in conditions and len(conditions) > 1
    }
    return ProfileView(
        sentence=_sentence(own),
        rows=tuple(_row(row, axis, label) for row in ordered),
        axis=axis_svg(axis),
        conditions=tuple((name or "", words) for name, words in by_condition.items() if words),
    )


def _row(row: FaultEffect, axis: Axis, label: str) -> FaultRow:
    level = _level(row)
    interval = span(row.ci_low, row.ci_high, sign=True)
    words = _words(_FAULTS[row.fault])
    return FaultRow(
        words=words,
        cost=signed(row.cost),
        interval=interval,
        level=level,
        clear=_CLEAR[level],
        chart=interval_svg(
            axis,
            row.cost,
            low=row.ci_low,
            high=row.ci_high,
            label=printable(f"{label}, {words}: {signed(row.cost)}, 95 % interval {interval}"),
        ),
    )


def _level(row: FaultEffect) -> str:
    if row.interval is None or row.interval[0] <= 0 <= row.interval[1]:
        return ""
    if abs(row.cost) < _LEAST:
        return "small"
    return "below" if row.cost > 0 else "above"


def _words(fault: Fault) -> str:
    """The name at the head of a line, without its article."""
    words = fault.words.removeprefix("a ")
    return words[0].upper() + words[1:]


def _sentence(profile: Profile) -> str:
    """Sentence on the faults that a device clearly loses more by, or less."""
    if all(row.interval is None for row in profile):
        return "There are no intervals, so no fault can be called clear."
    worse, better = weak(profile)[:_MOST_NAMED], strong(profile)[:_MOST_NAMED]
    parts = [f"Loses clearly more than the mean device by {_named(worse)}"] if worse else []
    if better:
        parts.append(f"{'clearly' if worse else 'Loses clearly'} less by {_named(better)}")
    return (
        f"{'; '.join(parts)}." if parts else "No fault sets it clearly apart from the mean device."
    )


def _named(rows: Iterable[FaultEffect]) -> str:
    return listed([f"{_FAULTS[row.fault].words} ({number(abs(row.cost))})" for row in rows])
