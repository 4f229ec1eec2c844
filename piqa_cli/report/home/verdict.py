"""The sentence that sums up a ranking, without claims that the data don't allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from piqa_cli.records import DeviceRank
from piqa_cli.report.certainty import LEAGUE_NEEDS, basis, certain, clearly_first
from piqa_cli.report.site import Site
from piqa_cli.report.text import counted, listed

_NAMED = 2  # rivals that a headline names


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result at the top of the first page: a headline and one sentence of detail."""

    headline: str
    detail: str


def verdict(site: Site) -> Verdict:
    """The leading device, and the others that may be first as well by the data."""
    rows = site.overall()
    if not rows:
        return _too_few(site) if site.unranked() else _none(site)
    numbers = sorted({row.league for row in rows})
    if len(numbers) > 1:
        return _several(site, rows, len(numbers))
    return _one(site, rows)


def _none(site: Site) -> Verdict:
    tried = (row for rows in site.captures.values() for row in rows)
    reason = next((f" The first reason: {row.reason}." for row in tried if row.reason), "")
    detail = f"None of {counted(site.tried.total(), 'capture')} has a score.{reason}"
    return Verdict("Nothing could be ranked", detail)


def _too_few(site: Site) -> Verdict:
    count = counted(len(site.unranked()), "device")
    return Verdict(
        "Too few scenes or captures to rank",
        f"{count} scored, but none has the scenes and captures that a rank needs.",
    )


def _one(site: Site, rows: Sequence[DeviceRank]) -> Verdict:
    leader = _label(site, rows[0])
    if len(rows) == 1:
        what = "could be ranked" if site.unranked() else "was scored"
        return Verdict(f"Only {leader} {what}", "One device alone has no rank to speak of.")
    n_scenes = len({row.scene for row in site.run.tables.scene_ranks})
    what = "ranked device" if site.unranked() else "device"
    field = f"{counted(len(rows), what)} over {counted(n_scenes, 'scene')}"
    if not certain(rows):
        return _uncertain(site, rows, field)
    others = [_label(site, row) for row in rows[1:] if row.rank_low == 1]
    if clearly_first(rows[0], rows):
        return Verdict(f"{leader} is clearly best", f"Of {field}, no other could be first.")
    if len(others) == len(rows) - 1:
        detail = f"Of {field}, {leader} has the best score, but any of them may be as good."
        return Verdict("No clear winner", detail)
    if not others:
        return Verdict(f"{leader} leads", f"Of {field}; its rank may still be lower.")
    near = listed(others) if len(others) <= _NAMED else f"{len(others)} others"
    return Verdict(
        f"{leader} leads; {near} may be as good",
        f"Of {field}, the data can't tell {listed([leader, *others])} apart.",
    )


def _uncertain(site: Site, rows: Sequence[DeviceRank], field: str) -> Verdict:
    """Verdict without intervals: the leader by score, the basis of ranks, what is missing."""
    leader = _label(site, rows[0])
    others = [_label(site, row) for row in rows[1:] if row.rank_low == 1]
    ahead = "No clear winner" if others else f"{leader} leads"
    too = f"; {listed(others)} may be as good" if others else ""
    return Verdict(
        f"{ahead}; too few scenes for an interval",
        f"Of {field}, {leader} has the best score{too}. "
        f"How sure that is can't be said: {basis(site)}. {LEAGUE_NEEDS}",
    )


def _several(site: Site, rows: Sequence[DeviceRank], count: int) -> Verdict:
    leaders = [_label(site, row) for row in rows if row.rank == 1]
    return Verdict(
        f"{count} groups that share no scene",
        "Devices of different groups can't be compared: nothing links them. "
        f"Ahead in each: {listed(leaders)}.",
    )


def _label(site: Site, row: DeviceRank) -> str:
    return site.competitor(row).label
