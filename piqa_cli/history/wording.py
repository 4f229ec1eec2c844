"""A history in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from piqa_cli.history.recipes import title_of
from piqa_cli.history.records import History, Point, Series
from piqa_cli.records.units import unit_word
from piqa_cli.report.text import counted, rank_range, signed, span

NOT_COMPARABLE = (
    "An overall score is relative to the other devices of its own run. Runs are joined only where "
    "model, weights, preprocessing, devices and scenes are the same. A change here is less the "
    "mean change of all devices; compare shows a device's own."
)
NOT_COMPARABLE_GAP = (
    "The gap to a reference needs no other devices to stay, as long as both have the same scenes. "
    "Runs are joined only where model, weights, preprocessing and these scenes are the same. A "
    "change here is less that of the reference; compare shows a device's own."
)


def moment(start: datetime) -> str:
    """A run's start as people read it."""
    return f"{start.astimezone(UTC):%Y-%m-%d %H:%M}"


def headline(history: History) -> str:
    """Headline of a history: device, reference, condition, number of runs, dates."""
    starts = [point.started_at for series in history.series for point in series.points]
    first, last = (f"{start.astimezone(UTC):%Y-%m-%d}" for start in (min(starts), max(starts)))
    dates = first if first == last else f"{first} to {last}"
    against = f" against {history.reference}" if history.reference else ""
    where = f", {history.condition}" if history.condition else ""
    return f"{history.device}{against}{where}: {counted(len(starts), 'run')}, {dates}"


def headline_of_several(histories: Sequence[History]) -> str:
    """Headline of several histories: number of devices, reference, condition, dates."""
    first = histories[0]
    starts = [p.started_at for past in histories for series in past.series for p in series.points]
    days = dict.fromkeys(f"{s.astimezone(UTC):%Y-%m-%d}" for s in (min(starts), max(starts)))
    against = f" against {first.reference}" if first.reference else ""
    where = f", {first.condition}" if first.condition else ""
    return f"{counted(len(histories), 'device')}{against}{where}: {' to '.join(days)}"


def what_score_is(history: History, series: Series) -> str:
    """Meaning of the numbers of a series: the unit, and what they are relative to."""
    whom = history.reference or "the mean device of the run"
    return f"{unit_word(series.recipe.scale)} against {whom}"


def series_line(series: Series, *, short: bool = False) -> str:
    """A series in a sentence; short: its heading."""
    if short:
        return title_of(series.recipe)
    first, last = series.points[0], series.points[-1]
    breaks = sum(bool(point.breaks) for point in series.points)
    broken = f", {counted(breaks, 'break')}" if breaks else ""
    return (
        f"{title_of(series.recipe)}: {counted(len(series.points), 'run')}, "
        f"{signed(first.score)} in {first.run} to {signed(last.score)} in {last.run}{broken}."
    )


def point_line(point: Point, build: str = "") -> str:
    """A run in a line; `build`: of the device in it."""
    interval = span(point.ci_low, point.ci_high, sign=True)
    return (
        f"{moment(point.started_at)} UTC, {point.run}: {signed(point.score)}, "
        f"95 % interval {interval}, rank {ranks(point)} of {point.n_devices}"
        + (f", build {build}" if build else "")
    )


def ranks(point: Point) -> str:
    """The ranks that the data allow."""
    return rank_range(point.rank_low, point.rank_high)
