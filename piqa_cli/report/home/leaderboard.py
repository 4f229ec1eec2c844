"""Rankings of devices as the first page shows them: leagues and their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from piqa_cli.records import Competitor, DeviceRank
from piqa_cli.report.builds import builds
from piqa_cli.report.certainty import certain, league_notes, uneven_words
from piqa_cli.report.charts.axis import Axis, axis_of, usual_ends
from piqa_cli.report.charts.intervals import axis_svg, lines_css, marks_svg
from piqa_cli.report.fault_profile import Profile, Profiles, loses_by, profiles
from piqa_cli.report.site import CompetitorPage, Site, by_competitor, ranked
from piqa_cli.report.source_wording import PREFERENCE, prefers
from piqa_cli.report.text import NONE, number, percent, rank_range, signed, span


@dataclass(frozen=True, slots=True)
class LeaderRow:
    """One device of a leaderboard; `gap` and its interval are against the reference.

    Attributes:
        build: of the device, in words; empty: none is known.
        keys: numbers that its columns are sorted by; None: no value.
        loses_by: faults that clearly cost it more than the mean device.
        uneven: how far it strays from scene to scene, where that is clearly more than others do.
    """

    competitor: CompetitorPage
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
    n_failed: int
    keys: dict[str, float | None]
    chart: Markup
    uneven: str
    loses_by: str
    build: str


@dataclass(frozen=True, slots=True)
class League:
    """Devices that can be compared.

    Attributes:
        number: from 1.
        rows: best first.
        axis, lines: the scale over their charts, and its lines as a CSS background.
        certain: True if they have intervals.
        notes: missing values, with the reasons.
        reference: label of the device that gaps are against; None: the mean device.
        repeated: True if any device has two takes of a scene.
        failed: True if any device has captures without a score.
        explained: True if any device clearly loses by a fault.
        preferred: heading of the column of preferences, and its explanation; None: no column.
    """

    number: int
    rows: tuple[LeaderRow, ...]
    axis: Markup
    lines: str
    certain: bool
    notes: tuple[str, ...]
    reference: str | None
    repeated: bool
    failed: bool
    preferred: tuple[str, str] | None
    explained: bool


def overall(site: Site) -> tuple[League, ...]:
    """The leagues of the overall ranking; all charts share one axis."""
    rows = site.overall()
    narrow = any(row.reference for row in rows)  # columns of the gap leave charts less room
    axis = _axis(site, rows, ticks_at_most=4 if narrow else 6)
    return _leagues(site, rows, axis, _Facts.of(site), labelled=False)


def _axis(site: Site, rows: Sequence[DeviceRank], *, ticks_at_most: int) -> Axis:
    """An axis for all dots, the usual intervals, and gaps that count as ties on either side."""
    scores = usual_ends([row.score for row in rows])
    ends = usual_ends([end for row in rows for end in (row.ci_low, row.ci_high)])
    known = [*scores, *ends, -site.tie, site.tie]
    return axis_of(known, zero=True, ticks_at_most=ticks_at_most)


def _leagues(
    site: Site, rows: Sequence[DeviceRank], axis: Axis, facts: _Facts, *, labelled: bool
) -> tuple[League, ...]:
    """The leagues of one ranking; `labelled`: charts have labels, as no other cell has them."""
    groups: dict[int, list[DeviceRank]] = {}
    for row in ranked(rows):
        groups.setdefault(row.league, []).append(row)
    return tuple(
        _league(site, n, group, axis, facts, labelled=labelled) for n, group in groups.items()
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """Facts about all competitors: failed captures, fault profiles, builds."""

    failed: Counter[Competitor]
    faults: Profiles
    builds: dict[Competitor, str]

    @classmethod
    def of(cls, site: Site) -> _Facts:
        """Facts about a run's competitors."""
        return cls(by_competitor(site.failed), profiles(site), builds(site))


def _league(
    site: Site,
    number: int,
    rows: Sequence[DeviceRank],
    axis: Axis,
    facts: _Facts,
    *,
    labelled: bool,
) -> League:
    shown = tuple(
        _leader(
            site,
            row,
            axis,
            n_failed=facts.failed[site.key(row)],
            faults=facts.faults.get((row.condition, site.key(row)), ()),
            labelled=labelled,
            build=facts.builds[site.key(row)],
        )
        for row in rows
    )
    reference = _reference(site, rows[0].reference)
    preferred = PREFERENCE[site.scored_by], prefers(site.scored_by, reference)
    return League(
        number=number,
        rows=shown,
        axis=axis_svg(axis),
        lines=lines_css(axis),
        certain=certain(rows),
        notes=league_notes(site, rows),
        reference=reference,
        repeated=any(row.take_df for row in rows),
        failed=any(row.n_failed for row in shown),
        explained=any(row.loses_by for row in shown),
        preferred=preferred if any(row.preference is not None for row in rows) else None,
    )


def _reference(site: Site, name: str | None) -> str | None:
    """Name of the reference on pages; the table has it as `DEVICE` or `DEVICE@FIRMWARE`."""
    labels = {known.name: known.label for known in site.competitors.values()}
    return None if name is None else labels.get(name, name)


def _leader(
    site: Site,
    row: DeviceRank,
    axis: Axis,
    *,
    n_failed: int,
    faults: Profile,
    labelled: bool,
    build: str,
) -> LeaderRow:
    competitor = site.competitor(row)
    interval = span(row.ci_low, row.ci_high, sign=True)
    ranks = rank_range(row.rank_low, row.rank_high)
    score = signed(row.score)
    itself = row.reference == competitor.name
    return LeaderRow(
        competitor=competitor,
        rank=row.rank,
        ranks=ranks,
        score=score,
        interval=interval,
        gap=NONE if itself else signed(row.gap),
        gap_interval=NONE if itself else span(row.gap_low, row.gap_high, sign=True),
        preference=percent(row.preference),
        take_sd=number(row.take_sd),
        n_scenes=row.n_scenes,
        n_captures=row.n_captures,
        n_failed=n_failed,
        keys={
            name: None if getattr(row, name) is None else round(getattr(row, name), 6)
            for name in ("score", "gap", "preference", "take_sd")
        },
        chart=marks_svg(
            axis,
            row.score,
            low=row.ci_low,
            high=row.ci_high,
            label=f"{competitor.label}: {score} {site.unit}, 95 % interval {interval}"
            if labelled
            else None,
        ),
        uneven=uneven_words(row, site.unit),
        loses_by=loses_by(faults),
        build=build,
    )


def conditions(site: Site) -> dict[str, tuple[League, ...]]:
    """The ranking of every condition, in the order of the table; all charts share one axis.

    Empty where one condition holds every scene: it would only repeat the overall ranking.
    """
    if len({scene.condition for scene in site.scenes.values()}) == 1:
        return {}
    groups: dict[str, list[DeviceRank]] = {}
    for row in site.run.tables.device_ranks:
        if row.condition is not None and row.has_rank:
            groups.setdefault(row.condition, []).append(row)
    axis = _axis(site, [row for rows in groups.values() for row in rows], ticks_at_most=4)
    facts = _Facts.of(site)
    return {
        condition: _leagues(site, rows, axis, facts, labelled=True)
        for condition, rows in groups.items()
    }
