"""The part of a portrait that a cropped tile shows: its face, not its middle."""

from __future__ import annotations

from piqa_cli.records.capture_row import CaptureRow, ScoredRow

_TILE = 4 / 3  # width over height of the tiles that crop
_EYES = 0.42  # of the tile's height; a face that is right in the middle looks low


def focus(row: CaptureRow) -> str:
    """The CSS `object-position` at which a tile of 4:3 shows a capture's face.

    Returns:
        Two percentages; empty where no face is known: then the middle will do.

    >>> focus(ScoredRow(path="a", status="ok", scene="s", device="d", score=1.0, face_x0=100,
    ...     face_x1=200, face_y0=100, face_y1=220, width_px=300, height_px=400, no_face=False))
    '50% 0%'
    """
    if not isinstance(row, ScoredRow) or row.no_face or not row.width_px or not row.height_px:
        return ""
    box = row.face_x0, row.face_y0, row.face_x1, row.face_y1
    x0, y0, x1, y1 = (0.0 if side is None else side for side in box)
    if None in box or x1 <= x0 or y1 <= y0:
        return ""
    ratio = row.width_px / row.height_px
    across = _place((x0 + x1) / 2 / row.width_px, seen=min(1.0, _TILE / ratio), at=0.5)
    down = _place((y0 + y1) / 2 / row.height_px, seen=min(1.0, ratio / _TILE), at=_EYES)
    return f"{across}% {down}%"


def _place(middle: float, *, seen: float, at: float) -> int:
    """Percentage that puts a point of the picture where it should be in the tile.

    Args:
        middle: the point, as a share of the picture's side.
        seen: share of that side that the tile shows.
        at: place of the point in the tile.
    """
    if seen >= 1:
        return 50
    return round(100 * min(max((middle - at * seen) / (1 - seen), 0.0), 1.0))
