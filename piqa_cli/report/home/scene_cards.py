"""Scenes in the overview: the leader, how sure its lead is, faces of the first few devices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from piqa_cli.records import SceneRank
from piqa_cli.records.capture_row import ScoredRow, TriedRow
from piqa_cli.report.certainty import certain, clearly_first
from piqa_cli.report.portrait import focus
from piqa_cli.report.site import CompetitorPage, Scene, Site
from piqa_cli.report.text import rank_range
from piqa_cli.runs.pictures import PictureSource

_FACES_AT_MOST = 4  # faces on a scene's card


@dataclass(frozen=True, slots=True)
class SceneCard:
    """A scene in the overview.

    Attributes:
        scene: where it leads.
        leader: the device with the best score; None: nothing was scored.
        lead: in words, how far that can be trusted.
        n_devices, n_captures: as the ranking counts them: equal files of one device once.
        n_failed: captures without a score.
        pictures: in the order of the ranking, each with the place of the face in it.
    """

    scene: Scene
    leader: str | None
    lead: str
    n_devices: int
    n_captures: int
    n_failed: int
    pictures: tuple[tuple[CompetitorPage, str | None, str], ...]


def scene_cards(site: Site, pictures: PictureSource) -> tuple[SceneCard, ...]:
    """The cards of all scenes, in order."""
    failed: Counter[str] = Counter()
    for (scene, _), n in site.failed.items():
        failed[scene] += n
    return tuple(_card(site, scene, failed[name], pictures) for name, scene in site.scenes.items())


def _card(site: Site, scene: Scene, n_failed: int, pictures: PictureSource) -> SceneCard:
    order = site.scene_order(scene)
    leader = order[0] if order else None
    return SceneCard(
        scene=scene,
        leader=site.competitor(leader).label if leader else None,
        lead=_lead(order) if order else "",
        n_devices=len(order),
        n_captures=sum(rank.n_captures for rank in order),
        n_failed=n_failed,
        pictures=() if pictures.bare else _faces(site, site.captures[scene.name], order, pictures),
    )


def _lead(order: Sequence[SceneRank]) -> str:
    """Words for the lead of a scene's first device: alone, clearly first, or its rank range."""
    if len(order) == 1:
        return "alone"
    if clearly_first(order[0], order):
        return "clearly first"
    ranks = rank_range(order[0].rank_low, order[0].rank_high)
    return f"ahead, rank {ranks}" if certain(order) else "ahead, no interval"


def _faces(
    site: Site, rows: Sequence[TriedRow], order: Sequence[SceneRank], pictures: PictureSource
) -> tuple[tuple[CompetitorPage, str | None, str], ...]:
    """A face (else a thumbnail) of the best capture of each of the first devices of a scene."""
    best: dict[CompetitorPage, ScoredRow] = {}
    for row in rows:
        competitor = site.competitor(row)
        if isinstance(row, ScoredRow) and (
            competitor not in best or row.score > best[competitor].score
        ):
            best[competitor] = row
    shown = [site.competitor(rank) for rank in order[:_FACES_AT_MOST]]
    return tuple((c, *(_face(best[c], pictures) if c in best else (None, ""))) for c in shown)


def _face(row: ScoredRow, pictures: PictureSource) -> tuple[str | None, str]:
    face = pictures.face_of(row)
    return (face, "") if face else (pictures.of(row.sha256, "320"), focus(row))
