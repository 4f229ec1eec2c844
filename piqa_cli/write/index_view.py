"""The first page: verdict, leaderboard, heat map, conditions, scenes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from piqa_cli.write.book import Book, Competitor, Scene
from piqa_cli.write.certainty import certain, clearly_first, scene_note
from piqa_cli.write.charts import heat_level, heat_limit
from piqa_cli.write.gates_view import GateStrip, gate_strip
from piqa_cli.write.leaderboard import League, Verdict, conditions, overall, verdict
from piqa_cli.write.parquet import Row
from piqa_cli.write.pictures import PictureSource
from piqa_cli.write.warning_lines import WarningLine, warning_lines
from piqa_cli.write.wording import rank_range, signed

_FACES_AT_MOST = 4  # on a scene's card


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One scene x device: text, colour step -5..5, whether it is clearly first in its scene."""

    text: str
    level: int
    first: bool
    title: str


@dataclass(frozen=True, slots=True)
class HeatHole:
    """A device without a score in a scene, and why."""

    text: str
    title: str


@dataclass(frozen=True, slots=True)
class Heat:
    """Scenes down, devices across.

    Attributes:
        devices, rows: heads and cells.
        limit: the gap of the strongest colour, as text.
        note: why no cell is called clearly first; None: intervals are known.
    """

    devices: tuple[Competitor, ...]
    rows: tuple[tuple[Scene, tuple[HeatCell | HeatHole, ...]], ...]
    limit: str
    note: str | None


@dataclass(frozen=True, slots=True)
class SceneCard:
    """A scene in the overview.

    Attributes:
        scene: where it leads.
        leader: the device with the best score; None: nothing was scored.
        lead: in words, how far that can be trusted.
        n_devices, n_captures: as the ranking counts them: equal files of one device once.
        n_failed: captures without a score.
        pictures: in the order of the ranking.
    """

    scene: Scene
    leader: str | None
    lead: str
    n_devices: int
    n_captures: int
    n_failed: int
    pictures: tuple[tuple[Competitor, str | None], ...]


@dataclass(frozen=True, slots=True)
class IndexView:
    """Everything that the first page shows."""

    verdict: Verdict
    leagues: tuple[League, ...]
    heat: Heat
    conditions: dict[str, tuple[League, ...]]
    cards: tuple[SceneCard, ...]
    warnings: tuple[WarningLine, ...]
    gates: GateStrip | None


def index_view(book: Book, pictures: PictureSource) -> IndexView:
    """Builds the first page's content."""
    return IndexView(
        verdict=verdict(book),
        leagues=overall(book),
        heat=_heat(book),
        conditions=conditions(book),
        cards=tuple(_card(book, scene, pictures) for scene in book.scenes.values()),
        warnings=warning_lines(book),
        gates=gate_strip(book.run.info.get("gates", ())),
    )


def _heat(book: Book) -> Heat:
    ranks = {(row["scene"], *book.key(row)): row for row in book.table("scene_ranks")}
    # At least the tie: gaps that count for nothing shall not shout.
    limit = heat_limit([book.tie, *(row["gap_to_scene_mean"] for row in ranks.values())])
    rows = []
    tried = Counter(
        (scene, *book.key(row)) for scene, rows in book.captures.items() for row in rows
    )
    for scene in book.scenes.values():
        cells: list[HeatCell | HeatHole] = []
        rivals = book.scene_order(scene)
        for key, competitor in book.competitors.items():
            rank = ranks.get((scene.name, *key))
            title = f"{competitor.label} in {scene.title}: "
            if rank is None:
                cells.append(_hole(tried[scene.name, *key], title))
            else:
                cells.append(_heat_cell(rank, limit, title, rivals))
        rows.append((scene, tuple(cells)))
    return Heat(
        devices=tuple(book.competitors.values()),
        rows=tuple(rows),
        limit=signed(limit).lstrip("+"),
        note=scene_note(book, book.table("scene_ranks")),
    )


def _heat_cell(rank: Row, limit: float, title: str, rivals: Sequence[Row]) -> HeatCell:
    gap = signed(rank["gap_to_scene_mean"])
    ranks = rank_range(rank["rank_low"], rank["rank_high"])
    doubt = "" if certain(rivals) else " (no interval)"
    return HeatCell(
        text=gap,
        level=heat_level(rank["gap_to_scene_mean"], limit),
        first=clearly_first(rank, rivals),
        title=f"{title}{gap} from the scene's mean, rank {ranks}{doubt}",
    )


def _hole(n_tried: int, title: str) -> HeatHole:
    if n_tried:
        return HeatHole("failed", f"{title}no capture could be scored ({n_tried} failed)")
    return HeatHole("none", f"{title}no capture")


def _card(book: Book, scene: Scene, pictures: PictureSource) -> SceneCard:
    order = book.scene_order(scene)
    rows = book.captures[scene.name]
    leader = order[0] if order else None
    return SceneCard(
        scene=scene,
        leader=book.competitor(leader).label if leader else None,
        lead=_lead(order) if order else "",
        n_devices=len(order),
        n_captures=sum(rank["n_captures"] for rank in order),
        n_failed=sum(row["status"] == "failed" for row in rows),
        pictures=() if book.given else _faces(book, rows, order, pictures),
    )


def _lead(order: Sequence[Row]) -> str:
    """How far ahead the first device of a scene is."""
    if len(order) == 1:
        return "alone"
    if clearly_first(order[0], order):
        return "clearly first"
    ranks = rank_range(order[0]["rank_low"], order[0]["rank_high"])
    return f"ahead, rank {ranks}" if certain(order) else "ahead, no interval"


def _faces(
    book: Book, rows: Sequence[Row], order: Sequence[Row], pictures: PictureSource
) -> tuple[tuple[Competitor, str | None], ...]:
    """A face (else a thumbnail) of the best capture of each of the first devices of a scene."""
    best: dict[Competitor, Row] = {}
    for row in rows:
        competitor = book.competitor(row)
        if row["status"] == "ok" and (
            competitor not in best or row["score"] > best[competitor]["score"]
        ):
            best[competitor] = row
    shown = [book.competitor(rank) for rank in order[:_FACES_AT_MOST]]
    return tuple((c, _face(best[c], pictures) if c in best else None) for c in shown)


def _face(row: Row, pictures: PictureSource) -> str | None:
    face = None if row["no_face"] else pictures.of(row["sha256"], "face")
    return face or pictures.of(row["sha256"], "320")
