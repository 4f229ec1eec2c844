"""Heat map of scenes and devices: gaps to the mean of a scene, and missing scores."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from piqa_cli.records import Competitor, SceneRank
from piqa_cli.report.certainty import clearly_first, scene_note
from piqa_cli.report.charts.heat_colours import heat_level, heat_limit
from piqa_cli.report.site import CompetitorPage, Scene, Site
from piqa_cli.report.text import rank_range, signed

NUMBERS_UP_TO = 24  # devices; on paper more of them are colours alone


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One scene x device: text, colour step -5..5, ranks, whether it is clearly first."""

    text: str
    level: int
    ranks: str
    first: bool


_BLANK = HeatCell("", 0, "", first=False)


@dataclass(frozen=True, slots=True)
class HeatHole:
    """A device without a score in a scene: `none` (no capture) or `failed`."""

    text: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A scene, and a cell for every device."""

    scene: Scene
    cells: tuple[HeatCell | HeatHole, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """Scenes down, devices across.

    Attributes:
        devices, rows: heads and cells.
        limit: the gap of the strongest colour, as text.
        note: why no cell is called clearly first; None: intervals are known.
        holes: how many cells have no score.
        vast: more devices than numbers can be printed for.
    """

    devices: tuple[CompetitorPage, ...]
    rows: tuple[HeatRow, ...]
    limit: str
    note: str | None
    holes: int
    vast: bool


def heats_of(site: Site, *, blank: bool = False) -> tuple[Heat, ...]:
    """A heat map for each group of devices that can be compared, without scenes that it lacks.

    Devices without a league, since nothing of them has a score, stand in the first one.

    Args:
        site: the run.
        blank: cells with a score say nothing: those of maps that no page shows.
    """
    return tuple(heat_of(site, keys, blank=blank) for keys in _groups(site))


def n_cells(site: Site) -> int:
    """Number of cells of all maps that `heats_of` makes, holes among them."""
    groups = _groups(site)
    group_of = {key: group for group, keys in enumerate(groups) for key in keys}
    rows = {(group_of[key], scene) for scene, key in site.tried}
    return sum(len(groups[group]) for group, _ in rows)


def _groups(site: Site) -> list[list[Competitor]]:
    """Devices of each league."""
    leagues = {site.key(row): row.league for row in (*site.overall(), *site.unranked())}
    groups: dict[int, list[Competitor]] = {}
    for key in site.competitors:
        groups.setdefault(leagues.get(key, min(leagues.values(), default=1)), []).append(key)
    return [keys for _, keys in sorted(groups.items())]


def heat_of(site: Site, of: Collection[Competitor] | None = None, *, blank: bool = False) -> Heat:
    """The heat map; devices in the order of the ranking.

    Args:
        site: the run.
        of: the devices that it shows; None: all.
        blank: see `heats_of`.
    """
    shown = {key: page for key, page in site.competitors.items() if of is None or key in of}
    ranks = {(row.scene, *site.key(row)): row for row in site.run.tables.scene_ranks}
    # The limit is at least the tie, so that gaps within a tie get no strong colour.
    limit = heat_limit([site.tie, *(row.gap_to_scene_mean for row in ranks.values())])
    rows = []
    for scene in site.scenes.values():
        if of is not None and not any((scene.name, key) in site.tried for key in shown):
            continue
        rivals = [row for key in shown if (row := ranks.get((scene.name, *key)))]
        cells = tuple(
            (_BLANK if blank else _cell(row, limit, rivals))
            if (row := ranks.get((scene.name, *key))) is not None
            else HeatHole("failed" if (scene.name, key) in site.tried else "none")
            for key in shown
        )
        rows.append(HeatRow(scene, cells))
    return Heat(
        devices=tuple(shown.values()),
        rows=tuple(rows),
        limit=signed(limit).lstrip("+"),
        note=scene_note(site, site.run.tables.scene_ranks),
        holes=sum(isinstance(cell, HeatHole) for row in rows for cell in row.cells),
        vast=len(shown) > NUMBERS_UP_TO,
    )


def _cell(rank: SceneRank, limit: float, rivals: Sequence[SceneRank]) -> HeatCell:
    return HeatCell(
        text=signed(rank.gap_to_scene_mean),
        level=heat_level(rank.gap_to_scene_mean, limit),
        ranks=rank_range(rank.rank_low, rank.rank_high),
        first=rank.rank_high == 1 and clearly_first(rank, rivals),
    )
