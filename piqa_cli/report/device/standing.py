"""Rank and score of a device, overall and under every condition, in figures and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from piqa_cli.records import Competitor, DeviceRank
from piqa_cli.report.certainty import basis, certain, clearly_first, uneven_words
from piqa_cli.report.charts.axis import axis_of
from piqa_cli.report.charts.intervals import axis_svg, interval_svg
from piqa_cli.report.escaping import printable
from piqa_cli.report.site import Site
from piqa_cli.report.text import counted, listed, number, percent, rank_range, signed, span

Level = Literal["above", "below", "within", "open", "alone", "unsure"]
_ROUNDING = 1e-9

_WORDS: dict[Level, str] = {
    "above": "clearly above the mean device",
    "below": "clearly below the mean device",
    "within": "less than a tie from the mean device",
    "open": "can't be told from the mean device",
    "alone": "alone: nothing to be better than",
    "unsure": "no interval",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A device in one ranking.

    Attributes:
        condition: of the scenes; None: all scenes.
        ranks: its rank range; `n_devices` are ranked with it.
        score: the effect relative to the mean device, as text.
        level: above or below the mean device, as far as the data decide it.
        words: the same for people.
    """

    condition: str | None
    ranks: str
    n_devices: int
    score: str
    interval: str
    preference: str
    n_scenes: int
    n_captures: int
    level: Level
    words: str
    chart: Markup


@dataclass(frozen=True, slots=True)
class StandingView:
    """A device in all rankings.

    Attributes:
        overall: over all scenes; None: it has no score.
        conditions: empty where one condition holds every scene.
        summary: conditions in which it is clearly above or below the mean device.
        axis: over all the charts.
    """

    overall: Standing | None
    conditions: tuple[Standing, ...]
    summary: str
    axis: Markup


Rankings = dict[tuple[str | None, int], list[DeviceRank]]
"""Rows of device_ranks by condition and league, in order of ranks."""


def rankings(site: Site) -> Rankings:
    """The rankings of a run, once for all devices."""
    found: Rankings = {}
    ranked = [row for row in site.run.tables.device_ranks if row.has_rank]
    for row in sorted(ranked, key=lambda row: row.rank):
        found.setdefault((row.condition, row.league), []).append(row)
    return found


def standing_view(site: Site, found: Rankings, key: Competitor) -> StandingView:
    """Ranks and scores of one device, overall and under every condition.

    Args:
        site: the run.
        found: all rankings.
        key: the device.
    """
    own = [(row, rows) for rows in found.values() for row in rows if site.key(row) == key]
    ends = [getattr(row, name) for row, _ in own for name in ("score", "ci_low", "ci_high")]
    axis = axis_of([*ends, -site.tie, site.tie], zero=True, ticks_at_most=5)
    label = site.competitors[key].label
    standings = []
    for row, rows in own:
        level = level_of(row, rows, tie=site.tie)
        interval = span(row.ci_low, row.ci_high, sign=True)
        text = f"{label}, {row.condition or 'all scenes'}: {signed(row.score)}"
        standings.append(
            Standing(
                condition=row.condition,
                ranks=rank_range(row.rank_low, row.rank_high),
                n_devices=len(rows),
                score=signed(row.score),
                interval=interval,
                preference=percent(row.preference),
                n_scenes=row.n_scenes,
                n_captures=row.n_captures,
                level=level,
                words=_WORDS[level],
                chart=interval_svg(
                    axis,
                    row.score,
                    low=row.ci_low,
                    high=row.ci_high,
                    label=printable(f"{text}, 95 % interval {interval}"),
                ),
            )
        )
    conditions = tuple(item for item in standings if item.condition is not None)
    repeated = len({scene.condition for scene in site.scenes.values()}) == 1
    return StandingView(
        overall=next((item for item in standings if item.condition is None), None),
        conditions=() if repeated else conditions,
        summary="" if repeated else _summary(conditions),
        axis=axis_svg(axis),
    )


def level_of(row: DeviceRank, rivals: Sequence[DeviceRank], *, tie: float) -> Level:
    """Position of a device relative to the mean device of a ranking, as a code.

    Args:
        row: of device_ranks.
        rivals: all rows that it is ranked with, itself among them.
        tie: smaller gaps don't count, in score units.
    """
    if len(rivals) == 1:
        return "alone"
    if row.interval is None:
        return "unsure"
    low, high = row.interval
    if low <= 0 <= high:
        return "open"
    if abs(row.score) < tie - _ROUNDING:
        return "within"
    return "above" if row.score > 0 else "below"


def _summary(conditions: Sequence[Standing]) -> str:
    """The clear conditions in a sentence; empty: there are none."""
    parts = []
    for level in ("above", "below"):
        names = [item.condition or "" for item in conditions if item.level == level]
        if names:
            parts.append(f"clearly {level} the mean device in {listed(names, most=6)}")
    text = "; ".join(parts)
    return text and f"{text[0].upper()}{text[1:]}."


def verdict_words(site: Site, row: DeviceRank, rivals: Sequence[DeviceRank]) -> str:
    """Sentence on a device's rank, for the head of its page.

    Args:
        site: the run.
        row: of the overall ranking.
        rivals: its league.
    """
    if len(rivals) == 1:
        return "No other device shares a scene with it, so it has no rank to speak of."
    ranks = rank_range(row.rank_low, row.rank_high)
    scenes = counted(row.n_scenes, "scene")
    place = f"Rank {ranks} of {counted(len(rivals), 'device')}, over {scenes}"
    side = "above" if row.score >= 0 else "below"
    gap = f"{number(abs(row.score))} {site.unit} {side} the mean device"
    if not certain(rivals):
        return f"{place}: {gap}. There is no interval: {basis(site)}."
    interval = span(row.ci_low, row.ci_high, sign=True)
    words = f"{place}: {gap} (95 % interval {interval}). {_others(row, rivals)}"
    return f"{words} {uneven_words(row, site.unit)}".rstrip()


def unranked_words(row: DeviceRank) -> str:
    """Sentence on a device with too little evidence for a rank, for the head of its page."""
    why = row.why_unranked or "not ranked"
    return f"{why[0].upper()}{why[1:]}. It counts in no verdict and in no other device's rank."


def _others(row: DeviceRank, rivals: Sequence[DeviceRank]) -> str:
    """Sentence with the numbers of devices that are clearly better, clearly worse, neither."""
    if clearly_first(row, rivals):
        return "Clearly better than every other device."
    better, worse = row.rank_low - 1, len(rivals) - row.rank_high
    near = len(rivals) - 1 - better - worse
    parts = [f"clearly better than {counted(worse, 'device')}"] if worse else []
    parts += [f"clearly worse than {counted(better, 'device')}"] if better else []
    parts += (
        [f"not clearly different from {counted(near, 'other')}" if parts else ""] if near else []
    )
    if not any(parts):
        return "It can't be told from any other device."
    return ", ".join(parts).capitalize() + "."
