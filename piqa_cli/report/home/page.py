"""The first page: verdict, leaderboard, heat map, warnings, conditions, scenes."""

from __future__ import annotations

from dataclasses import dataclass

from piqa_cli.records import DeviceRank
from piqa_cli.report.gate_strip import GateStrip, beside_failed_folders, gate_strip
from piqa_cli.report.home.brands import brand_choices, brands
from piqa_cli.report.home.heat_map import Heat, heats_of, n_cells
from piqa_cli.report.home.leaderboard import League, conditions, overall
from piqa_cli.report.home.look_first import FirstLook, first_looks
from piqa_cli.report.home.notices import Notices, notices
from piqa_cli.report.home.scene_cards import SceneCard, scene_cards
from piqa_cli.report.home.verdict import Verdict, verdict
from piqa_cli.report.large import CELLS_SHOWN, is_large
from piqa_cli.report.missing import MissingView, missing_of, missing_view
from piqa_cli.report.note_lines import NoteLine, note_lines
from piqa_cli.report.site import CompetitorPage, Site, by_competitor
from piqa_cli.runs.capture_rows import folder_rows
from piqa_cli.runs.pictures import PictureSource

_LIST_UP_TO = 8  # devices; a longer ranking can be searched by name


@dataclass(frozen=True, slots=True)
class Filters:
    """Choices by which the page can be narrowed; a list of fewer than two is no choice.

    Attributes:
        conditions: of the scenes, in their order; empty text: none is known.
        brands: with their number of devices; empty: a choice would be useless.
        brand_of: by the device's slug.
        search: whether there are enough devices to look for one by name.
    """

    conditions: tuple[str, ...]
    brands: tuple[tuple[str, int], ...]
    brand_of: dict[str, str]
    search: bool

    @property
    def any(self) -> bool:
        """True if the page has any filter or the search."""
        return self.search or bool(self.brands) or len(self.conditions) > 1


@dataclass(frozen=True, slots=True)
class IndexView:
    """Everything that the first page shows.

    Attributes:
        unranked: devices without any score, with the number of their captures.
        notes: of people, which are open.
        unmapped: cells of heat maps that are too large for the page; 0: it has them.
        large: whether pages of scenes and devices are made when they are asked for.
        too_few: devices with too few scenes or captures for a rank, with the reason.
    """

    verdict: Verdict
    filters: Filters
    leagues: tuple[League, ...]
    unranked: tuple[tuple[CompetitorPage, int], ...]
    too_few: tuple[tuple[CompetitorPage, str], ...]
    heats: tuple[Heat, ...]
    unmapped: int
    large: bool
    conditions: dict[str, tuple[League, ...]]
    looks: tuple[FirstLook, ...]
    cards: tuple[SceneCard, ...]
    notices: Notices
    gates: GateStrip | None
    missing: MissingView | None
    notes: tuple[NoteLine, ...]


def index_view(site: Site, pictures: PictureSource) -> IndexView:
    """Builds the first page's content."""
    cells = n_cells(site)
    too_many = is_large(site) and cells > CELLS_SHOWN
    heats = heats_of(site, blank=too_many)
    n_folders = len(folder_rows(site.run.tables.captures))
    return IndexView(
        verdict=verdict(site),
        filters=_filters(site),
        leagues=overall(site),
        unranked=_unranked(site),
        too_few=tuple((site.competitor(row), _reason(row)) for row in site.unranked()),
        heats=() if too_many else heats,
        unmapped=cells if too_many else 0,
        large=is_large(site),
        conditions=conditions(site),
        looks=first_looks(site, pictures),
        cards=scene_cards(site, pictures),
        notices=notices(site, heats),
        gates=beside_failed_folders(gate_strip(site.run.info.get("gates", ())), n_folders),
        missing=missing_view(missing_of(site.run.info)),
        notes=tuple(line for line in note_lines(site) if line.state == "open"),
    )


def _filters(site: Site) -> Filters:
    of = brands(site)
    ranked = [row.condition for row in site.run.tables.device_ranks if row.condition]
    met = [scene.condition or "" for scene in site.scenes.values()]
    return Filters(
        conditions=tuple(name for name in dict.fromkeys([*ranked, *met]) if name in set(met)),
        brands=brand_choices(site, of),
        brand_of={competitor.slug: of[key] for key, competitor in site.competitors.items()},
        search=len(site.competitors) > _LIST_UP_TO,
    )


def _unranked(site: Site) -> tuple[tuple[CompetitorPage, int], ...]:
    """Devices of which nothing could be scored, with the number of their captures."""
    known = {site.key(row) for row in (*site.overall(), *site.unranked())}
    tried = by_competitor(site.tried)
    return tuple(
        (competitor, tried[key]) for key, competitor in site.competitors.items() if key not in known
    )


def _reason(row: DeviceRank) -> str:
    """The reason for which a device isn't ranked, without the words that the list has already."""
    return row.why_unranked.removeprefix("not ranked: ")
