"""Data of the viewer on a scene's page, as JSON in the page: no script fetches anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.report.site import CompetitorPage
from piqa_cli.report.text import NONE, number
from piqa_cli.report.tiles import Tile


class Standing(Protocol):
    """Rank and score of a device in a scene, as texts; an unknown interval is a dash."""

    @property
    def competitor(self) -> CompetitorPage:
        """The device, with its links."""

    @property
    def ranks(self) -> str:
        """The ranks that the data allow."""

    @property
    def score(self) -> str:
        """Mean of the captures."""

    @property
    def interval(self) -> str:
        """95 % interval of the score."""


class Taken(Protocol):
    """The captures of a device."""

    @property
    def shots(self) -> tuple[Tile, ...]:
        """Captures of the device, as tiles."""


def viewer_data(
    rows: Sequence[Standing],
    columns: Sequence[Taken],
    captures: Mapping[CompetitorPage, Sequence[ScoredRow]],
    *,
    place: str,
    reference: str | None = None,
) -> dict[str, Any]:
    """The devices of a scene with their takes, best first, for the script of the viewer.

    Args:
        rows: the ranking.
        columns: the captures of the same devices, in the same order.
        captures: their scored rows of the captures table, in the order of the shots.
        place: the folder of the pictures, seen from the page.
        reference: name of the device that gaps are against; None: there is none.
    """
    devices = [
        {
            "slug": row.competitor.slug,
            "name": row.competitor.label,
            "reference": row.competitor.name == reference,
            "ranks": row.ranks,
            "score": row.score,
            "interval": "" if row.interval == NONE else f"95 %: {row.interval}",
            "takes": [
                _take(row.competitor, shot, capture, place)
                for shot, capture in zip(column.shots, captures[row.competitor], strict=True)
            ],
        }
        for row, column in zip(rows, columns, strict=True)
    ]
    return {"devices": devices}


def _take(competitor: CompetitorPage, shot: Tile, row: ScoredRow, place: str) -> dict[str, Any]:
    crops = f"spread of the crops {number(row.view_spread)}" if row.view_spread else ""
    copy = "" if shot.counted else "a copy, not counted"
    return {
        "name": shot.name,
        "alt": f"{competitor.label}: {shot.path}",
        "full": shot.full and place + shot.full,
        "thumb": shot.thumb and place + shot.thumb,
        "width": row.working_width_px,
        "height": row.working_height_px,
        "face": face_of(row),
        "score": shot.score,
        "why": shot.why,
        "remark": " · ".join(part for part in (shot.remark, crops) if part),
        "warning": "; ".join(part for part in (copy, shot.warning) if part),
    }


def face_of(row: ScoredRow) -> tuple[float, float, float] | None:
    """Centre (x, y) and height of the face, as shares of the picture; None: no face.

    >>> face_of(ScoredRow(path="a", status="ok", scene="s", device="d", score=1.0, face_x0=10,
    ...     face_x1=30, face_y0=20, face_y1=40, width_px=100, height_px=50, no_face=False))
    (0.2, 0.6, 0.4)
    """
    x0, y0, x1, y1 = row.face_x0, row.face_y0, row.face_x1, row.face_y1
    width, height = row.width_px, row.height_px
    if row.no_face or x0 is None or y0 is None or x1 is None or y1 is None or y1 <= y0:
        return None
    if not width or not height:
        return None
    middle = round((x0 + x1) / 2 / width, 5), round((y0 + y1) / 2 / height, 5)
    return *middle, round((y1 - y0) / height, 5)
