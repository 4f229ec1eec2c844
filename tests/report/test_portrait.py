"""Cropped tiles show the face."""

from __future__ import annotations

import pytest

from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.report.portrait import focus


def row(x0, y0, x1, y1, width=300, height=400, no_face=False):
    return ScoredRow(
        path="a", status="ok", scene="s", device="d", score=1.0, no_face=no_face,
        face_x0=x0, face_y0=y0, face_x1=x1, face_y1=y1, width_px=width, height_px=height,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (row(100, 0, 200, 100), "50% 0%"),  # at the top of an upright picture
        (row(100, 300, 200, 400), "50% 100%"),
        (row(100, 150, 200, 250), "50% 60%"),  # middle: the face stands a little above the tile's
        (row(700, 100, 800, 200, width=800, height=300), "100% 50%"),  # a wide one moves sideways
        (row(100, 0, 200, 100, no_face=True), ""),
        (row(None, 0, 200, 100), ""),
        (row(100, 0, 200, 100, width=None), ""),
    ],
)
def test_the_tile_moves_to_the_face_only_where_it_crops(given, place):
    assert focus(given) == place
