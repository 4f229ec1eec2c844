"""The brief: verdict, ranking, faults and the three worst pairs of faces on one A4 page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from piqa_cli.records import Competitor
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.report.fault_profile import profiles, strong, weak, words_of
from piqa_cli.report.home.leaderboard import League, overall
from piqa_cli.report.home.look_first import FirstLook, first_looks
from piqa_cli.report.home.verdict import Verdict, verdict
from piqa_cli.report.portrait import focus
from piqa_cli.report.site import CompetitorPage, Site
from piqa_cli.report.text import number
from piqa_cli.runs.pictures import PictureSource

ROWS_AT_MOST = 12  # devices in the ranking, of all groups together
_GROUPS = 3
_FAULTS_AT_MOST = 6  # devices in the fault profile
_PAIRS = 3
_NAMED = 3  # faults of a device, on either side


@dataclass(frozen=True, slots=True)
class BriefLeague:
    """A group of the ranking, cut to what the page holds.

    Attributes:
        league: all its devices, and the axis of their charts.
        rows: how many of them are shown, the best first.
    """

    league: League
    rows: int


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One device: the faults that clearly cost it more, and less, than the mean device."""

    competitor: CompetitorPage
    weak: str
    strong: str


@dataclass(frozen=True, slots=True)
class FacePair:
    """A capture far below its scene beside the scene's best capture.

    Attributes:
        look: the worse one, with its gap and its faults.
        best: label of the device that took the best capture.
        best_picture: file name in `pictures/`; None: there is none.
        best_focus: where its cropped picture finds the face.
    """

    look: FirstLook
    best: str
    best_picture: str | None
    best_focus: str


@dataclass(frozen=True, slots=True)
class BriefView:
    """Everything that the brief shows.

    Attributes:
        verdict: as on the first page.
        leagues: the ranking; all charts share one axis.
        n_groups: of the whole ranking.
        unshown: how many ranked devices the page has no room for.
        faults: empty for models that know no faults.
        pairs: at most three.
    """

    verdict: Verdict
    leagues: tuple[BriefLeague, ...]
    n_groups: int
    unshown: int
    faults: tuple[FaultLine, ...]
    pairs: tuple[FacePair, ...]


def brief_view(site: Site, pictures: PictureSource) -> BriefView:
    """Builds the brief's content."""
    leagues = overall(site)
    shown = _cut(leagues)
    return BriefView(
        verdict=verdict(site),
        leagues=shown,
        n_groups=len(leagues),
        unshown=sum(len(league.rows) for league in leagues) - sum(item.rows for item in shown),
        faults=_faults(site),
        pairs=_pairs(site, pictures),
    )


def _cut(leagues: Sequence[League]) -> tuple[BriefLeague, ...]:
    """The first devices of the first groups, as many as the page has lines for."""
    left, shown = ROWS_AT_MOST, []
    for place, league in enumerate(leagues[:_GROUPS]):
        share = left // (min(_GROUPS, len(leagues)) - place)
        shown.append(BriefLeague(league, min(share, len(league.rows))))
        left -= shown[-1].rows
    return tuple(shown)


def _faults(site: Site) -> tuple[FaultLine, ...]:
    """The devices with any clear fault or strength, in the order of the ranking."""
    found = profiles(site)
    lines = (
        FaultLine(
            competitor,
            weak=", ".join(map(words_of, weak(found.get((None, key), ()))[:_NAMED])),
            strong=", ".join(map(words_of, strong(found.get((None, key), ()))[:_NAMED])),
        )
        for key, competitor in site.competitors.items()
    )
    return tuple(line for line in lines if line.weak or line.strong)[:_FAULTS_AT_MOST]


def _pairs(site: Site, pictures: PictureSource) -> tuple[FacePair, ...]:
    """The worst captures, each of another scene as far as there are several."""
    looks = first_looks(site, pictures)
    firsts = {look.scene.name: look for look in reversed(looks)}
    chosen = [look for look in looks if firsts[look.scene.name] is look]
    chosen += [look for look in looks if look not in chosen]
    return tuple(_pair(site, look, pictures) for look in chosen[:_PAIRS])


def _pair(site: Site, look: FirstLook, pictures: PictureSource) -> FacePair:
    rows = [row for row in site.captures[look.scene.name] if isinstance(row, ScoredRow)]
    best = max(rows, key=lambda row: row.score)
    key: Competitor = site.key(best)
    face = pictures.face_of(best)
    return FacePair(
        look=look,
        best=f"{site.competitors[key].label} ({number(best.score)})",
        best_picture=face or pictures.of(best.sha256, "320"),
        best_focus="" if face else focus(best),
    )
