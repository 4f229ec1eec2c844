"""The page of one scene: its ranking on its own scale, the pictures, the EXIF table."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from piqa_cli.records import SceneRank
from piqa_cli.records.capture_row import ScoredRow, TriedRow
from piqa_cli.report.certainty import scene_note
from piqa_cli.report.charts.axis import Axis, axis_of
from piqa_cli.report.charts.intervals import axis_svg, interval_svg
from piqa_cli.report.fault_costs import mean_costs
from piqa_cli.report.note_lines import NoteLine, note_lines, of_capture, of_scene
from piqa_cli.report.scene.exif_table import ExifTable, exif_table
from piqa_cli.report.scene.region_rows import RegionRow, region_rows
from piqa_cli.report.scene.viewer_data import viewer_data
from piqa_cli.report.site import CompetitorPage, Scene, Site
from piqa_cli.report.text import NONE, number, rank_range, signed, span
from piqa_cli.report.tiles import Tile, counted_rows, tile_names, tiles_of
from piqa_cli.runs.pictures import PictureSource


@dataclass(frozen=True, slots=True)
class Listed:
    """One capture.

    Attributes:
        competitor: device that took the capture.
        first: whether it is the first of its device.
        name: differs from those of the device's other captures.
        path: as the list has it.
        score: as text.
        counted: False: the same picture stands in this cell before it, and only that one counts.
    """

    competitor: CompetitorPage
    first: bool
    name: str
    path: str
    score: str
    counted: bool


def listed_captures(shots: Mapping[CompetitorPage, Sequence[ScoredRow]]) -> tuple[Listed, ...]:
    """The captures of a scene, device by device.

    Args:
        shots: scored rows of the captures table, by device.
    """
    return tuple(
        Listed(
            competitor=competitor,
            first=n == 0,
            name=name,
            path=row.path,
            score=number(row.score),
            counted=any(row is other for other in counted_rows(rows)),
        )
        for competitor, rows in shots.items()
        for n, (row, name) in enumerate(zip(rows, tile_names(rows), strict=True))
    )


@dataclass(frozen=True, slots=True)
class SceneRow:
    """One device in the ranking of a scene."""

    competitor: CompetitorPage
    rank: int
    ranks: str
    score: str
    interval: str
    gap: str
    worst: str
    spread: str
    n_captures: int
    chart: Markup


@dataclass(frozen=True, slots=True)
class Column:
    """The captures of one device, and the notes on each."""

    competitor: CompetitorPage
    ranks: str
    score: str
    shots: tuple[Tile, ...]
    notes: tuple[tuple[NoteLine, ...], ...]


@dataclass(frozen=True, slots=True)
class Writable:
    """A capture in the form for notes: its device and take as notes.csv has them, and a name."""

    device: str
    take: str
    words: str


@dataclass(frozen=True, slots=True)
class SceneView:
    """Everything that a scene's page shows.

    Attributes:
        note: why there are no intervals; None: there are.
        columns: the pictures; empty where there are none to be shown.
        viewer: what the viewer works on; None: there is nothing to view.
        regions: parts of the scene that are looked at by themselves, device by device.
        listed: the captures instead.
        exif: what the cameras did; None: no file was read.
        notes: of people on this scene.
        writable: captures that the form for notes offers.
    """

    scene: Scene
    previous: Scene | None
    next: Scene | None
    rows: tuple[SceneRow, ...]
    note: str | None
    axis: Markup
    columns: tuple[Column, ...]
    viewer: dict[str, Any] | None
    regions: tuple[RegionRow, ...]
    listed: tuple[Listed, ...]
    most_shots: int
    any_face: bool
    absent: tuple[CompetitorPage, ...]
    failed: tuple[tuple[CompetitorPage, TriedRow], ...]
    exif: ExifTable | None
    notes: tuple[NoteLine, ...]
    writable: tuple[Writable, ...]


def scene_views(
    site: Site, pictures: PictureSource, *, of: Container[str] | None = None
) -> Iterable[SceneView]:
    """The pages of scenes, in order; `of` names those that are made, None: all."""
    scenes: list[Scene | None] = [None, *site.scenes.values(), None]
    for before, scene, after in zip(scenes, scenes[1:], scenes[2:], strict=False):
        if scene is not None and (of is None or scene.href in of):
            yield _scene_view(site, scene, (before, after), pictures)


def _scene_view(
    site: Site,
    scene: Scene,
    neighbours: tuple[Scene | None, Scene | None],
    pictures: PictureSource,
) -> SceneView:
    order = site.scene_order(scene)
    shots: dict[CompetitorPage, list[ScoredRow]] = {site.competitor(rank): [] for rank in order}
    tried: dict[CompetitorPage, list[TriedRow]] = {competitor: [] for competitor in shots}
    for row in site.captures[scene.name]:
        competitor = site.competitor(row)
        tried.setdefault(competitor, []).append(row)
        if isinstance(row, ScoredRow):
            shots.setdefault(competitor, []).append(row)
    axis = _axis(site, order, shots.values())
    scored = [row for rows in shots.values() for row in rows]
    rows = tuple(_row(site, rank, shots[site.competitor(rank)], axis) for rank in order)
    notes = of_scene(note_lines(site), scene)
    columns = () if pictures.bare else _columns(rows, shots, pictures, notes)
    if site.hides_scores:
        rows, columns = tuple(map(_unscored, rows)), tuple(map(_unscored_column, columns))
    return SceneView(
        scene=scene,
        previous=neighbours[0],
        next=neighbours[1],
        rows=rows,
        note=scene_note(site, order),
        axis=axis_svg(axis),
        columns=columns,
        viewer=viewer_data(
            rows,
            columns,
            shots,
            place=f"../{pictures.place}",
            reference=site.reference,
            regions=scene.regions,
        )
        if columns
        else None,
        regions=region_rows(scene.regions, columns, shots),
        listed=listed_captures(shots) if pictures.bare else (),
        most_shots=max(map(len, shots.values()), default=0),
        any_face=any(not row.no_face for row in scored),
        absent=tuple(c for c in site.competitors.values() if c not in tried),
        failed=tuple((c, r) for c, rs in tried.items() for r in rs if r.status == "failed"),
        exif=exif_table(tried),
        notes=notes,
        writable=() if pictures.bare else _writable(shots),
    )


def _axis(site: Site, order: Sequence[SceneRank], shots: Iterable[Sequence[ScoredRow]]) -> Axis:
    """The scene's own axis: dots, intervals and captures fit in; a tie never fills it."""
    ends = [getattr(row, name) for row in order for name in ("score", "ci_low", "ci_high")]
    ends += [row.score for rows in shots for row in rows]
    ends += [row.score + side * site.tie for row in order for side in (-1, 1)]
    return axis_of(ends, zero=False)


def _row(site: Site, rank: SceneRank, shots: Sequence[ScoredRow], axis: Axis) -> SceneRow:
    competitor = site.competitor(rank)
    counted = counted_rows(shots)
    interval = span(rank.ci_low, rank.ci_high)
    return SceneRow(
        competitor=competitor,
        rank=rank.rank,
        ranks=rank_range(rank.rank_low, rank.rank_high),
        score=number(rank.score),
        interval=interval,
        gap=signed(rank.gap_to_scene_mean),
        worst=number(rank.worst_score),
        spread=number(rank.spread),
        n_captures=rank.n_captures,
        chart=interval_svg(
            axis,
            rank.score,
            low=rank.ci_low,
            high=rank.ci_high,
            takes=[row.score for row in counted] if len(counted) > 1 else (),
            label=f"{competitor.label}: {number(rank.score)}, 95 % interval {interval}",
        ),
    )


def _columns(
    rows: Sequence[SceneRow],
    shots: Mapping[CompetitorPage, Sequence[ScoredRow]],
    pictures: PictureSource,
    notes: Sequence[NoteLine],
) -> tuple[Column, ...]:
    usual = mean_costs([counted_rows(taken) for taken in shots.values()])
    return tuple(
        Column(
            competitor=row.competitor,
            ranks=row.ranks,
            score=row.score,
            shots=tiles_of(shots[row.competitor], pictures, usual=usual),
            notes=tuple(
                of_capture(notes, row.competitor, taken, place=n)
                for n, taken in enumerate(shots[row.competitor])
            ),
        )
        for row in rows
    )


def _unscored(row: SceneRow) -> SceneRow:
    return replace(row, ranks="", score="", interval=NONE, gap="", worst="", spread="")


def _unscored_column(column: Column) -> Column:
    shots = tuple(replace(shot, score="") for shot in column.shots)
    return replace(column, ranks="", score="", shots=shots)


def _writable(shots: Mapping[CompetitorPage, Sequence[ScoredRow]]) -> tuple[Writable, ...]:
    return tuple(
        Writable(
            device=competitor.name,
            take=row.take or row.path.rpartition("/")[2],
            words=f"{competitor.label}, {name}",
        )
        for competitor, rows in shots.items()
        for row, name in zip(rows, tile_names(rows), strict=True)
    )
