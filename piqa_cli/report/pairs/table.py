"""Comparisons of two devices as lines of a table: difference, interval, conclusion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from piqa_cli.records import Competitor, PairRank
from piqa_cli.report.charts.axis import Axis, axis_of
from piqa_cli.report.charts.intervals import axis_svg, interval_svg
from piqa_cli.report.escaping import printable
from piqa_cli.report.pairs.endings import SHORT, PairKind, pair_kind
from piqa_cli.report.site import CompetitorPage, Site
from piqa_cli.report.text import NONE, percent, signed, span


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two devices and their gap; all values are the first device's.

    Attributes:
        one, other: the devices.
        condition: of the scenes; None: all scenes.
        kind: how the comparison ends.
        verdict: the same in a few words.
        p, p_holm: texts, or a dash, with the reason in `note`.
    """

    one: CompetitorPage
    other: CompetitorPage
    condition: str | None
    n_scenes: int
    difference: str
    interval: str
    wins: int
    ties: int
    losses: int
    preference: str
    p: str
    p_holm: str
    kind: PairKind
    verdict: str
    note: str
    chart: Markup


@dataclass(frozen=True, slots=True)
class PairTable:
    """Lines of one league that share an axis."""

    league: int
    lines: tuple[PairLine, ...]
    axis: Markup

    @property
    def tested(self) -> bool:
        """True if any line has a p-value."""
        return any(line.p != NONE for line in self.lines)


def pair_table(
    site: Site,
    rows: Sequence[PairRank],
    *,
    first: Competitor | None = None,
    last: Competitor | None = None,
) -> PairTable:
    """Rows of the pairs table as lines.

    Args:
        site: the run.
        rows: of one league, at least one, in the order of the lines.
        first: who stands first in every line; None, as `last`: as in the table, the better in
            rank first.
        last: who stands second.
    """
    turned = [_turned(row) if _stands_wrong(site, row, first, last) else row for row in rows]
    ends = [getattr(row, name) for row in turned for name in ("difference", "ci_low", "ci_high")]
    axis = axis_of([*ends, -site.tie, site.tie], zero=True, ticks_at_most=4)
    return PairTable(
        rows[0].league, tuple(_line(site, row, axis) for row in turned), axis_svg(axis)
    )


def _stands_wrong(
    site: Site, row: PairRank, first: Competitor | None, last: Competitor | None
) -> bool:
    return key_b(site, row) == first or (last is not None and key_a(site, row) == last)


def key_a(site: Site, row: PairRank) -> Competitor:
    """The first competitor of a row of pairs."""
    return Competitor(row.device_a, row.firmware_a if site.with_firmware else None)


def key_b(site: Site, row: PairRank) -> Competitor:
    """The second competitor of a row of pairs."""
    return Competitor(row.device_b, row.firmware_b if site.with_firmware else None)


def overall_pairs(site: Site) -> Iterable[PairRank]:
    """The pairs over all scenes, by league, then in the order of ranks."""
    return (row for row in site.run.tables.pairs if row.condition is None)


def tested_family(site: Site) -> str | None:
    """Family of pairs that is tested: `reference` or `neighbours`; None: there are no pairs."""
    return next((row.family for row in overall_pairs(site) if row.family), None)


def _turned(row: PairRank) -> PairRank:
    """The same pair, from the other device's side."""
    share = row.preference
    return replace(
        row,
        device_a=row.device_b,
        firmware_a=row.firmware_b,
        device_b=row.device_a,
        firmware_b=row.firmware_a,
        difference=_minus(row.difference),
        ci_low=_minus(row.ci_high),
        ci_high=_minus(row.ci_low),
        wins=row.losses,
        losses=row.wins,
        preference=None if share is None else 1 - share,
        shared_difference=_minus(row.shared_difference),
    )


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


def _line(site: Site, row: PairRank, axis: Axis) -> PairLine:
    one, other = (site.competitors[key(site, row)] for key in (key_a, key_b))
    difference, interval = row.difference, span(row.ci_low, row.ci_high, sign=True)
    kind = pair_kind(row, site.tie)
    label = f"{one.label} minus {other.label}: {signed(difference)}, 95 % interval {interval}"
    return PairLine(
        one=one,
        other=other,
        condition=row.condition,
        n_scenes=row.n_scenes,
        difference=signed(difference),
        interval=interval,
        wins=row.wins,
        ties=row.ties,
        losses=row.losses,
        preference=percent(row.preference),
        p=p_text(row.p_value),
        p_holm=p_text(row.p_holm),
        kind=kind,
        verdict=SHORT[kind].format(side="better" if (difference or 0) > 0 else "worse"),
        note=row.note or "",
        chart=Markup()
        if difference is None
        else interval_svg(
            axis, difference, low=row.ci_low, high=row.ci_high, label=printable(label)
        ),
    )


def p_text(value: float | None) -> str:
    """A p-value as papers give it.

    >>> p_text(0.03125), p_text(0.00004), p_text(None)
    ('.031', '< .001', '—')
    """
    if value is None:
        return NONE
    return "< .001" if value < 0.001 else f"{min(value, 1.0):.3f}".removeprefix("0")
