"""Data of the viewer on a scene's page, as JSON in the page: no script fetches anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from piqa_cli.records import Box, Region
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.report.site import CompetitorPage
from piqa_cli.report.text import NONE, number
from piqa_cli.report.tiles import Tile
from piqa_cli.runs.crops import CropBox, CropKind, crop_boxes


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
    regions: Iterable[Region] = (),
) -> dict[str, Any]:
    """The devices of a scene with their takes, best first, for the script of the viewer.

    Args:
        rows: the ranking.
        columns: the captures of the same devices, in the same order.
        captures: their scored rows of the captures table, in the order of the shots.
        place: the folder of the pictures, seen from the page.
        reference: name of the device that gaps are against; None: there is none.
        regions: of the scene.
    """
    seats = _seats(rows, captures)
    best = max((capture.score for _, _, capture in seats.values()), default=None)
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
                | {"differs": _differs(shot, capture, seats, place, best)}
                for shot, capture in zip(column.shots, captures[row.competitor], strict=True)
            ],
        }
        for row, column in zip(rows, columns, strict=True)
    ]
    return {"devices": devices, "regions": [asdict(region) for region in regions]}


_Seat = tuple[int, int, ScoredRow]
"""Place of a device, place of its take, and that capture."""


def _seats(
    rows: Sequence[Standing], captures: Mapping[CompetitorPage, Sequence[ScoredRow]]
) -> dict[str, _Seat]:
    """The scene's captures by the SHA-256 of their files, the first one of equals."""
    seats: dict[str, _Seat] = {}
    for device, row in enumerate(rows):
        for take, capture in enumerate(captures[row.competitor]):
            if capture.sha256 is not None:
                seats.setdefault(capture.sha256, (device, take, capture))
    return seats


def _differs(
    shot: Tile, row: ScoredRow, seats: Mapping[str, _Seat], place: str, best: float | None
) -> dict[str, Any] | None:
    """Place where a capture differs most from another one, of which there are crops of both.

    The other one was the scene's best by the model that the crops were made with, which may be
    another one than the page's; `best` is the highest score by the page's.
    """
    shown = shot.difference
    seat = None if shown is None else seats.get(shown.found.other)
    if shown is None or seat is None:
        return None
    device, take, other = seat
    return {
        "spot": _shares(shown.found.place, row),
        "crop": place + shown.own,
        "other": {"device": device, "take": take},
        "otherSpot": _shares(shown.found.other_place, other),
        "otherCrop": place + shown.other,
        "best": other.score == best,
    }


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
        "original": [row.width_px or row.working_width_px, row.height_px or row.working_height_px],
        "face": face_of(row),
        "box": None if (box := row.face_box) is None else _shares(box, row),
        "spots": {kind: _shares(box, row) for kind, box in places_of(row).items()},
        "crops": {kind: place + name for kind, name in shot.crops.items()},
        "score": shot.score,
        "why": shot.why,
        "remark": " · ".join(part for part in (shot.remark, crops) if part),
        "warning": "; ".join(part for part in (copy, shot.warning) if part),
    }


def places_of(row: ScoredRow) -> dict[CropKind, CropBox]:
    """Places of a capture's crops, made or not, in pixels of the upright original."""
    if not row.width_px or not row.height_px:
        return {}
    return crop_boxes(row.face_box, width=row.width_px, height=row.height_px)


def _shares(box: Box | CropBox, row: ScoredRow) -> list[float]:
    """Sides (x0, y0, x1, y1) of a box as shares of the picture."""
    x0, y0, x1, y1 = (box.x0, box.y0, box.x1, box.y1) if isinstance(box, Box) else box
    width, height = row.width_px or 1, row.height_px or 1
    return [
        round(x0 / width, 5),
        round(y0 / height, 5),
        round(x1 / width, 5),
        round(y1 / height, 5),
    ]


def face_of(row: ScoredRow) -> tuple[float, float, float] | None:
    """Centre (x, y) and height of the face, as shares of the picture; None: no face.

    >>> face_of(ScoredRow(path="a", status="ok", scene="s", device="d", score=1.0, face_x0=10,
    ...     face_x1=30, face_y0=20, face_y1=40, width_px=100, height_px=50, no_face=False))
    (0.2, 0.6, 0.4)
    """
    box, width, height = row.face_box, row.width_px, row.height_px
    if box is None or box.y1 <= box.y0 or not width or not height:
        return None
    middle = round((box.x0 + box.x1) / 2 / width, 5), round((box.y0 + box.y1) / 2 / height, 5)
    return *middle, round((box.y1 - box.y0) / height, 5)
