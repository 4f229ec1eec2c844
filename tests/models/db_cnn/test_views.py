"""The picture in the corner of a canvas, never distorted, never enlarged."""

import numpy as np
import pytest

from piqa_cli.models.db_cnn.views import db_cnn_views


@pytest.mark.parametrize(
    ("size", "seen"),
    [((1350, 1800), (900, 1200)), ((1800, 1350), (1200, 900)), ((100, 64), (100, 64))],
)
def test_the_longer_side_is_bounded_and_the_canvas_fixed(size, seen):
    views = db_cnn_views(np.full((*size, 3), 9, np.uint8))
    assert views["canvas"].shape == (1, 1200, 1200, 3)
    assert tuple(views["size"][0]) == seen
    assert int((views["canvas"][0, ..., 0] == 9).sum()) == seen[0] * seen[1]
