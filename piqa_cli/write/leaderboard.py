"""The overall ranking as a page shows it: leagues, rows, and the sentence that sums it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from piqa_cli.write.book import Book, Competitor, ranked
from piqa_cli.write.certainty import LEAGUE_NEEDS, basis, certain, clearly_first, league_notes
from piqa_cli.write.charts import Axis, axis_of, axis_svg, interval_svg
from piqa_cli.write.parquet import Row
from piqa_cli.write.voice import PREFERENCE, prefers
from piqa_cli.write.wording import NONE, counted, listed, number, percent, rank_range, signed, span


@dataclass(frozen=True, slots=True)
class LeaderRow:
    """One device of a leaderboard; `gap` and its interval are against the reference."""

    competitor: Competitor
    rank: int
    ranks: str
    score: str
    interval: str
    gap: str
    gap_interval: str
    preference: str
    take_sd: str
    n_scenes: int
    n_captures: int
    chart: Markup


@dataclass(frozen=True, slots=True)
class League:
    """Devices that can be compared.

    Attributes:
        number: from 1.
        rows: best first.
        axis: the scale over their charts.
        certain: whether they have intervals.
        notes: what is missing and why.
        reference: label of the device that gaps are against; None: the mean device.
        repeated: whether any device has two takes of a scene.
        preferred: how the column of preferences is headed, and what they are; None: there are none.
    """

    number: int
    rows: tuple[LeaderRow, ...]
    axis: Markup
    certain: bool
    notes: tuple[str, ...]
    reference: str | None
    repeated: bool
    preferred: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the first page says first."""

    headline: str
    detail: str


def overall(book: Book) -> tuple[League, ...]:
    """The leagues of the overall ranking; all charts share one axis."""
    rows = book.overall()
    return _leagues(book, rows, _axis(book, rows, ticks_at_most=6))


def _axis(book: Book, rows: Sequence[Row], *, ticks_at_most: int) -> Axis:
    """An axis that holds all dots and intervals, and gaps that count as ties on either side."""
    ends = [row[name] for row in rows for name in ("score", "ci_low", "ci_high")]
    return axis_of([*ends, -book.tie, book.tie], zero=True, ticks_at_most=ticks_at_most)


def _leagues(book: Book, rows: Sequence[Row], axis: Axis) -> tuple[League, ...]:
    groups: dict[int, list[Row]] = {}
    for row in ranked(rows):
        groups.setdefault(row["league"], []).append(row)
    return tuple(_league(book, number, group, axis) for number, group in groups.items())


def _league(book: Book, number: int, rows: Sequence[Row], axis: Axis) -> League:
    reference = _reference(book, rows[0]["reference"])
    preferred = PREFERENCE[book.voice], prefers(book.voice, reference)
    return League(
        number=number,
        rows=tuple(_leader(book, row, axis) for row in rows),
        axis=axis_svg(axis),
        certain=certain(rows),
        notes=league_notes(book, rows),
        reference=reference,
        repeated=any(row["take_df"] for row in rows),
        preferred=preferred if any(row["preference"] is not None for row in rows) else None,
    )


def _reference(book: Book, name: str | None) -> str | None:
    """What pages call the reference, which the table has as `DEVICE` or `DEVICE@FIRMWARE`."""
    labels = {_name(known): known.label for known in book.competitors.values()}
    return None if name is None else labels.get(name, name)


def _name(competitor: Competitor) -> str:
    return "@".join(part for part in (competitor.device, competitor.firmware) if part is not None)


def _leader(book: Book, row: Row, axis: Axis) -> LeaderRow:
    competitor = book.competitor(row)
    interval = span(row["ci_low"], row["ci_high"], sign=True)
    ranks = rank_range(row["rank_low"], row["rank_high"])
    score = signed(row["score"])
    itself = row["reference"] == _name(competitor)
    return LeaderRow(
        competitor=competitor,
        rank=row["rank"],
        ranks=ranks,
        score=score,
        interval=interval,
        gap=NONE if itself else signed(row["gap"]),
        gap_interval=NONE if itself else span(row["gap_low"], row["gap_high"], sign=True),
        preference=percent(row["preference"]),
        take_sd=number(row["take_sd"]),
        n_scenes=row["n_scenes"],
        n_captures=row["n_captures"],
        chart=interval_svg(
            axis,
            row["score"],
            low=row["ci_low"],
            high=row["ci_high"],
            label=f"{competitor.label}: {score} {book.unit}, 95 % interval {interval}",
        ),
    )


def conditions(book: Book) -> dict[str, tuple[League, ...]]:
    """The ranking of every condition, in the order of the table; all charts share one axis.

    Empty where one condition holds every scene: it would only repeat the overall ranking.
    """
    if len({scene.condition for scene in book.scenes.values()}) == 1:
        return {}
    groups: dict[str, list[Row]] = {}
    for row in book.table("device_ranks"):
        if row["condition"] is not None:
            groups.setdefault(row["condition"], []).append(row)
    axis = _axis(book, [row for rows in groups.values() for row in rows], ticks_at_most=4)
    return {condition: _leagues(book, rows, axis) for condition, rows in groups.items()}


def verdict(book: Book) -> Verdict:
    """Who is ahead, and whether the data allow another order."""
    rows = book.overall()
    if not rows:
        return _none(book)
    numbers = sorted({row["league"] for row in rows})
    if len(numbers) > 1:
        return _several(book, rows, len(numbers))
    return _one(book, rows)


def _none(book: Book) -> Verdict:
    tried = [row for rows in book.captures.values() for row in rows]
    reason = next((f" The first reason: {row['reason']}." for row in tried if row["reason"]), "")
    detail = f"None of {counted(len(tried), 'capture')} has a score.{reason}"
    return Verdict("Nothing could be ranked", detail)


def _one(book: Book, rows: Sequence[Row]) -> Verdict:
    leader = _label(book, rows[0])
    if len(rows) == 1:
        return Verdict(f"Only {leader} was scored", "One device alone has no rank to speak of.")
    n_scenes = len({row["scene"] for row in book.table("scene_ranks")})
    field = f"{counted(len(rows), 'device')} over {counted(n_scenes, 'scene')}"
    if not certain(rows):
        return _uncertain(book, rows, field)
    others = [_label(book, row) for row in rows[1:] if row["rank_low"] == 1]
    if clearly_first(rows[0], rows):
        return Verdict(f"{leader} is clearly best", f"Of {field}, no other could be first.")
    if len(others) == len(rows) - 1:
        detail = f"Of {field}, {leader} is ahead by score, but any of them may be first."
        return Verdict("No clear winner", detail)
    if not others:
        return Verdict(f"{leader} is ahead", f"Of {field}; its rank may still be lower.")
    return Verdict(
        f"{leader} is ahead, not clearly",
        f"Of {field}, {listed(others)} may be first as well: the data can't tell them apart.",
    )


def _uncertain(book: Book, rows: Sequence[Row], field: str) -> Verdict:
    """Without intervals: who is ahead by score, what ranks rest on, and what is missing."""
    leader = _label(book, rows[0])
    others = [_label(book, row) for row in rows[1:] if row["rank_low"] == 1]
    ahead = "No clear winner" if others else f"{leader} is ahead"
    too = f"; {listed(others)} may be first as well" if others else ""
    return Verdict(
        f"{ahead}; too few scenes for an interval",
        f"Of {field}, {leader} has the best score{too}. "
        f"How sure that is can't be said: {basis(book)}. {LEAGUE_NEEDS}",
    )


def _several(book: Book, rows: Sequence[Row], count: int) -> Verdict:
    leaders = [_label(book, row) for row in rows if row["rank"] == 1]
    return Verdict(
        f"{count} leagues that can't be compared",
        f"No chain of shared scenes links them. Ahead in each: {listed(leaders)}.",
    )


def _label(book: Book, row: Row) -> str:
    return book.competitor(row).label
