"""Rows of crops on a scene's page: one region through every camera, all at one scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from piqa_cli.records import Region
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.report.scene.viewer_data import places_of
from piqa_cli.report.site import CompetitorPage
from piqa_cli.report.tiles import Tile, counted_rows
from piqa_cli.runs.pictures import THUMB_SIDE_PX

ROW_HEIGHT_PX = 240
ROW_WIDTH_PX = 385  # at most, of one cut
_COARSE = 2  # times enlarged; from here on pixels are shown as squares, not smoothed
_Sides = tuple[float, float, float, float]  # x0, y0, x1, y1


class Taken(Protocol):
    """The captures of a device."""

    @property
    def competitor(self) -> CompetitorPage:
        """The device, with its links."""

    @property
    def shots(self) -> tuple[Tile, ...]:
        """Captures of the device, as tiles."""


@dataclass(frozen=True, slots=True)
class RegionCut:
    """A region in one device's first capture.

    Attributes:
        competitor: the device.
        take: name of the capture.
        score: of the capture, as text.
        picture: file name in `pictures/`; None: there is none, or no face to lay the region on.
        style: how its picture has to be laid into the cut.
        aspect: width of the cut over its height.
        source: of the pixels, in words.
        coarse: whether single pixels should be seen.
    """

    competitor: CompetitorPage
    take: str
    score: str
    picture: str | None
    style: str = ""
    aspect: str = "1"
    source: str = ""
    coarse: bool = False


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region with its cuts, best device first, all of one height."""

    region: Region
    cuts: tuple[RegionCut, ...]

    @property
    def height_px(self) -> int:
        """Height of the cuts on a page: wide ones are lower, so that three stand side by side."""
        widest = max(float(cut.aspect) for cut in self.cuts)
        return round(min(ROW_HEIGHT_PX, ROW_WIDTH_PX / widest))


def region_rows(
    regions: Iterable[Region],
    columns: Sequence[Taken],
    captures: Mapping[CompetitorPage, Sequence[ScoredRow]],
) -> tuple[RegionRow, ...]:
    """The regions of a scene, each with the first counted capture of every device.

    Args:
        regions: of the scene.
        columns: the captures, by device.
        captures: their scored rows of the captures table, in the order of the shots.
    """
    taken = [column for column in columns if column.shots]
    return tuple(
        RegionRow(region, tuple(_first(region, column, captures) for column in taken))
        for region in regions
        if taken
    )


def _first(
    region: Region, column: Taken, captures: Mapping[CompetitorPage, Sequence[ScoredRow]]
) -> RegionCut:
    rows = captures[column.competitor]
    row = counted_rows(rows)[0]
    shot = next(shot for shot, other in zip(column.shots, rows, strict=True) if other is row)
    bare = RegionCut(column.competitor, shot.name, shot.score, None)
    sides = sides_in(region, row)
    if sides is None or not (shot.full or shot.thumb):
        return bare
    picture, frame, source, height_px = _best_source(sides, shot, row)
    left, top, width, height = _laid(sides, frame)
    return RegionCut(
        competitor=column.competitor,
        take=shot.name,
        score=shot.score,
        picture=picture,
        style=f"left:{left:.2f}%;top:{top:.2f}%;width:{width:.2f}%;height:{height:.2f}%",
        aspect=f"{(sides[2] - sides[0]) / (sides[3] - sides[1]):.4f}",
        source=source,
        coarse=height_px * _COARSE < ROW_HEIGHT_PX,
    )


def sides_in(region: Region, row: ScoredRow) -> _Sides | None:
    """Sides of a region in pixels of a capture's upright original; None: there is no face.

    >>> row = ScoredRow(path="a", status="ok", scene="s", device="d", score=1.0, face_x0=100,
    ...     face_x1=200, face_y0=50, face_y1=250, width_px=1000, height_px=500, no_face=False)
    >>> sides_in(Region("eyes", 0.0, 0.25, 1.0, 0.5, "face"), row)
    (100.0, 100.0, 200.0, 150.0)
    >>> sides_in(Region("wall", 0.0, 0.0, 0.5, 1.0), row)
    (0.0, 0.0, 500.0, 500.0)
    """
    if not row.width_px or not row.height_px:
        return None
    x, y, width, height = 0.0, 0.0, float(row.width_px), float(row.height_px)
    if region.to == "face":
        face = row.face_box
        if face is None or face.x1 <= face.x0 or face.y1 <= face.y0:
            return None
        x, y, width, height = face.x0, face.y0, face.x1 - face.x0, face.y1 - face.y0
    return (
        x + region.x0 * width,
        y + region.y0 * height,
        x + region.x1 * width,
        y + region.y1 * height,
    )


def _best_source(
    sides: _Sides, shot: Tile, row: ScoredRow
) -> tuple[str | None, _Sides, str, float]:
    """The picture that shows most of a region, its place, words for it, and the region's pixels.

    The place is in pixels of the upright original; the last is the region's height in the picture.
    """
    height = sides[3] - sides[1]
    for kind, box in places_of(row).items():
        inside = box[0] <= sides[0] and box[1] <= sides[1] and sides[2] <= box[2]
        if inside and sides[3] <= box[3] and kind in shot.crops:
            return shot.crops[kind], box, "original pixels", height
    whole = (0.0, 0.0, float(row.width_px or 1), float(row.height_px or 1))
    if shot.full:
        working = min(row.working_width_px or 1, row.working_height_px or 1)
        scale = working / min(whole[2], whole[3])
        return shot.full, whole, f"{working} px preview", height * scale
    return shot.thumb, whole, "thumbnail", height * THUMB_SIDE_PX / max(whole[2], whole[3])


def _laid(sides: _Sides, frame: _Sides) -> _Sides:
    """Left, top, width, height of a picture in a cut of it, in percent of the cut."""
    width, height = sides[2] - sides[0], sides[3] - sides[1]
    return (
        100 * (frame[0] - sides[0]) / width,
        100 * (frame[1] - sides[1]) / height,
        100 * (frame[2] - frame[0]) / width,
        100 * (frame[3] - frame[1]) / height,
    )
