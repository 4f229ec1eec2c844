"""The first page: verdict, leaderboard, heat map, warnings, conditions, scenes."""

from __future__ import annotations

from dataclasses import dataclass

from piqa_cli.write.book import Book, Competitor
from piqa_cli.write.brands import brand_choices, brands
from piqa_cli.write.gates_view import GateStrip, gate_strip
from piqa_cli.write.heat_view import Heat, heat_of
from piqa_cli.write.leaderboard import League, conditions, overall
from piqa_cli.write.notices import Notices, notices
from piqa_cli.write.pictures import PictureSource
from piqa_cli.write.scene_cards import SceneCard, scene_cards
from piqa_cli.write.verdict import Verdict, verdict

_LIST_UP_TO = 8  # devices; a longer ranking can be searched by name


@dataclass(frozen=True, slots=True)
class Filters:
    """What the page can be narrowed to; a list of fewer than two is no choice.

    Attributes:
        conditions: of the scenes, in their order; empty text: none is known.
        brands: with their number of devices; empty: a choice would tell nothing.
        brand_of: by the device's slug.
        search: whether there are enough devices to look for one by name.
    """

    conditions: tuple[str, ...]
    brands: tuple[tuple[str, int], ...]
    brand_of: dict[str, str]
    search: bool

    @property
    def any(self) -> bool:
        """Whether there is anything to choose."""
        return self.search or bool(self.brands) or len(self.conditions) > 1


@dataclass(frozen=True, slots=True)
class IndexView:
    """Everything that the first page shows; `unranked`: devices without any score."""

    verdict: Verdict
    filters: Filters
    leagues: tuple[League, ...]
    unranked: tuple[tuple[Competitor, int], ...]
    heat: Heat
    conditions: dict[str, tuple[League, ...]]
    cards: tuple[SceneCard, ...]
    notices: Notices
    gates: GateStrip | None


def index_view(book: Book, pictures: PictureSource) -> IndexView:
    """Builds the first page's content."""
    heat = heat_of(book)
    return IndexView(
        verdict=verdict(book),
        filters=_filters(book),
        leagues=overall(book),
        unranked=_unranked(book),
        heat=heat,
        conditions=conditions(book),
        cards=scene_cards(book, pictures),
        notices=notices(book, heat),
        gates=gate_strip(book.run.info.get("gates", ())),
    )


def _filters(book: Book) -> Filters:
    of = brands(book)
    ranked = [row["condition"] for row in book.table("device_ranks") if row["condition"]]
    met = [scene.condition or "" for scene in book.scenes.values()]
    return Filters(
        conditions=tuple(name for name in dict.fromkeys([*ranked, *met]) if name in set(met)),
        brands=brand_choices(book, of),
        brand_of={competitor.slug: of[key] for key, competitor in book.competitors.items()},
        search=len(book.competitors) > _LIST_UP_TO,
    )


def _unranked(book: Book) -> tuple[tuple[Competitor, int], ...]:
    """Devices of which nothing could be scored, with the number of their captures."""
    known = {book.key(row) for row in book.overall()}
    tried = [book.key(row) for rows in book.captures.values() for row in rows]
    return tuple(
        (competitor, tried.count(key))
        for key, competitor in book.competitors.items()
        if key not in known
    )
