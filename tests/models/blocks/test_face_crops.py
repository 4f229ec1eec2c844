"""The part of a picture around a face, and the points that go with it."""

import doctest

import numpy as np
import pytest
from PIL import Image

from piqa_cli.models.blocks import face_crops
from piqa_cli.models.blocks.face_crops import face_square, padded_cut, upright, with_margin

NOISE = np.random.default_rng(6).integers(0, 256, (700, 900, 3), dtype=np.uint8)
RIGHT_EYE, LEFT_EYE = 0, 1


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
    found = face_square(NOISE, face, at_least=512)
    np.testing.assert_array_equal(found, NOISE[y : y + side, x : x + side])


def test_a_box_grows_by_four_fifths_and_stays_in_the_picture():
    face = (100, 100, 200, 150)
    assert with_margin(face, 0.8, width=1000, height=1000) == (20, 60, 280, 190)
    assert with_margin((10, 10, 60, 60), 0.8, width=80, height=90) == (0, 0, 80, 90)
    assert with_margin((0, 0, 0.2, 0.2), 0.8, width=80, height=90) == (0, 0, 1, 1)
    assert with_margin(None, 0.8, width=80, height=90) == (0, 0, 80, 90)


@pytest.mark.parametrize(
    "box", [(3, 4, 20, 30), (-20, -20, 25, 15), (30, 25, 70, 60), (-20, -20, 70, 60)]
)
def test_cutting_equals_pillows(box):
    image = NOISE[:40, :50]
    expected = Image.fromarray(np.ascontiguousarray(image)).crop(box)
    np.testing.assert_array_equal(padded_cut(image, box), np.asarray(expected))


def face_with_eyes(angle_degrees):
    """A black picture with a white spot at each of two points that stand aslant."""
    image = np.zeros((300, 400, 3), np.uint8)
    turn = np.radians(angle_degrees)
    aside = 40 * np.array([np.cos(turn), np.sin(turn)])
    points = np.array([200.0, 150.0]) + np.array([[-1], [1]]) * aside
    for x, y in points.round().astype(int):
        image[y - 2 : y + 3, x - 2 : x + 3] = 255
    return image, points


@pytest.mark.parametrize("angle", [0, 20, -35, 100])
def test_eyes_are_level_and_pixels_go_with_the_points(angle):
    image, points = face_with_eyes(angle)
    box = (70, 20, 330, 280)
    found, placed = upright(image, box, points, level=(RIGHT_EYE, LEFT_EYE), side=512)
    assert found.shape == (512, 512, 3)
    right, left = placed
    assert right[1] == pytest.approx(left[1])
    assert right[0] < left[0]
    for x, y in placed:
        assert found[round(y), round(x)].min() > 200


def test_examples():
    assert doctest.testmod(face_crops, extraglobs={"np": np}).failed == 0
