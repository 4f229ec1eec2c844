"""Dense patches from edge to edge, and the square around a face."""

import doctest

import numpy as np
import pytest

from piqa_cli.models.sar import views as views_of_sar
from piqa_cli.models.sar.views import face_square, sar_views
from tests.models.reference import sar

NOISE = np.random.default_rng(6).integers(0, 256, (700, 900, 3), dtype=np.uint8)


@pytest.mark.parametrize("image", [NOISE, NOISE.swapaxes(0, 1)])
def test_thirty_patches_reach_every_edge(image):
    found = sar_views(image, None)
    np.testing.assert_array_equal(found["whole"], sar.patches(np.ascontiguousarray(image)))
    assert found["face"] is found["whole"]  # without a face the whole picture stands in


@pytest.mark.parametrize(
    ("face", "corner", "side"),
    [
        ((400, 300, 500, 420), (104, 194), 512),  # a small face: 512 px around its middle
        ((0, 0, 100, 120), (0, 0), 512),  # moved into the picture
        ((100, 50, 500, 650), (50, 0), 600),  # its longer edge
        ((0, 0, 900, 700), (0, 100), 700),  # no larger than the picture
    ],
)
def test_square_around_a_face(face, corner, side):
    y, x = corner
    np.testing.assert_array_equal(face_square(NOISE, face), NOISE[y : y + side, x : x + side])
    found = sar_views(NOISE, face)["face"]
    np.testing.assert_array_equal(found[0], NOISE[y : y + 224, x : x + 224])
    np.testing.assert_array_equal(
        found[29], NOISE[y + side - 224 : y + side, x + side - 224 : x + side]
    )


def test_examples():
    assert doctest.testmod(views_of_sar, extraglobs={"np": np}).failed == 0
