"""The page of one scene: its ranking on its own scale, the pictures, and what the cameras did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from piqa_cli.write.book import Book, Competitor, Scene
from piqa_cli.write.certainty import scene_note
from piqa_cli.write.charts import Axis, axis_of, axis_svg, interval_svg
from piqa_cli.write.exif_table import ExifTable, exif_table
from piqa_cli.write.listed import Listed, listed_captures
from piqa_cli.write.parquet import Row
from piqa_cli.write.pictures import PictureSource
from piqa_cli.write.shots import Shot, counted_rows, shots_of
from piqa_cli.write.viewer_data import viewer_data
from piqa_cli.write.why import mean_costs
from piqa_cli.write.wording import number, rank_range, signed, span


@dataclass(frozen=True, slots=True)
class SceneRow:
    """One device in the ranking of a scene."""

    competitor: Competitor
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
    """The captures of one device."""

    competitor: Competitor
    ranks: str
    score: str
    shots: tuple[Shot, ...]


@dataclass(frozen=True, slots=True)
class SceneView:
    """Everything that a scene's page shows.

    Attributes:
        note: why there are no intervals; None: there are.
        columns: the pictures; empty where there are none to be shown.
        viewer: what the viewer works on; None: there is nothing to view.
        listed: the captures instead.
        exif: what the cameras did; None: no file was read.
    """

    scene: Scene
    previous: Scene | None
    next: Scene | None
    rows: tuple[SceneRow, ...]
    note: str | None
    axis: Markup
    columns: tuple[Column, ...]
    viewer: Markup | None
    listed: tuple[Listed, ...]
    most_shots: int
    any_face: bool
    absent: tuple[Competitor, ...]
    failed: tuple[tuple[Competitor, Row], ...]
    exif: ExifTable | None


def scene_views(book: Book, pictures: PictureSource) -> Iterable[SceneView]:
    """The pages of all scenes, in order."""
    scenes: list[Scene | None] = [None, *book.scenes.values(), None]
    for before, scene, after in zip(scenes, scenes[1:], scenes[2:], strict=False):
        if scene is not None:
            yield _scene_view(book, scene, (before, after), pictures)


def _scene_view(
    book: Book,
    scene: Scene,
    neighbours: tuple[Scene | None, Scene | None],
    pictures: PictureSource,
) -> SceneView:
    order = book.scene_order(scene)
    shots: dict[Competitor, list[Row]] = {book.competitor(rank): [] for rank in order}
    tried: dict[Competitor, list[Row]] = {competitor: [] for competitor in shots}
    for row in book.captures[scene.name]:
        competitor = book.competitor(row)
        tried.setdefault(competitor, []).append(row)
        if row["status"] == "ok":
            shots.setdefault(competitor, []).append(row)
    axis = _axis(book, order, shots.values())
    scored = [row for rows in shots.values() for row in rows]
    rows = tuple(_row(book, rank, shots[book.competitor(rank)], axis) for rank in order)
    columns = () if pictures.bare else _columns(rows, shots, pictures)
    return SceneView(
        scene=scene,
        previous=neighbours[0],
        next=neighbours[1],
        rows=rows,
        note=scene_note(book, order),
        axis=axis_svg(axis),
        columns=columns,
        viewer=viewer_data(rows, columns, shots) if columns else None,
        listed=listed_captures(shots) if pictures.bare else (),
        most_shots=max(map(len, shots.values()), default=0),
        any_face=any(not row["no_face"] for row in scored),
        absent=tuple(c for c in book.competitors.values() if c not in tried),
        failed=tuple((c, r) for c, rs in tried.items() for r in rs if r["status"] == "failed"),
        exif=exif_table(tried),
    )


def _axis(book: Book, order: Sequence[Row], shots: Iterable[Sequence[Row]]) -> Axis:
    """The scene's own axis: dots, intervals and captures fit in; a tie never fills it."""
    ends = [row[name] for row in order for name in ("score", "ci_low", "ci_high")]
    ends += [row["score"] for rows in shots for row in rows]
    ends += [row["score"] + side * book.tie for row in order for side in (-1, 1)]
    return axis_of(ends, zero=False)


def _row(book: Book, rank: Row, shots: Sequence[Row], axis: Axis) -> SceneRow:
    competitor = book.competitor(rank)
    counted = counted_rows(shots)
    interval = span(rank["ci_low"], rank["ci_high"])
    return SceneRow(
        competitor=competitor,
        rank=rank["rank"],
        ranks=rank_range(rank["rank_low"], rank["rank_high"]),
        score=number(rank["score"]),
        interval=interval,
        gap=signed(rank["gap_to_scene_mean"]),
        worst=number(rank["worst_score"]),
        spread=number(rank["spread"]),
        n_captures=rank["n_captures"],
        chart=interval_svg(
            axis,
            rank["score"],
            low=rank["ci_low"],
            high=rank["ci_high"],
            takes=[row["score"] for row in counted] if len(counted) > 1 else (),
            label=f"{competitor.label}: {number(rank['score'])}, 95 % interval {interval}",
        ),
    )


def _columns(
    rows: Sequence[SceneRow],
    shots: Mapping[Competitor, Sequence[Row]],
    pictures: PictureSource,
) -> tuple[Column, ...]:
    usual = mean_costs([counted_rows(taken) for taken in shots.values()])
    return tuple(
        Column(
            competitor=row.competitor,
            ranks=row.ranks,
            score=row.score,
            shots=shots_of(shots[row.competitor], pictures, usual=usual),
        )
        for row in rows
    )
