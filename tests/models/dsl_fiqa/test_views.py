"""The face is cut, turned upright and cropped at fixed places, and its landmarks with it."""

import numpy as np
import pytest

from piqa_cli.models.dsl_fiqa.views import (
    LEFT_EYE,
    RIGHT_EYE,
    dsl_fiqa_views,
    grown,
    landmark_vector,
    upright_face,
)


def face_with_points(angle_degrees):
    """A black picture with a white spot at each of ten landmarks; the eyes stand aslant."""
    image = np.zeros((300, 400, 3), np.uint8)
    landmarks = np.full((68, 2), 150.0)
    landmarks[:, 0] += 50
    turn = np.radians(angle_degrees)
    landmarks[LEFT_EYE] += 40 * np.array([np.cos(turn), np.sin(turn)])
    landmarks[RIGHT_EYE] -= 40 * np.array([np.cos(turn), np.sin(turn)])
    for x, y in landmarks[[LEFT_EYE, RIGHT_EYE]].round().astype(int):
        image[y - 2 : y + 3, x - 2 : x + 3] = 255
    return image, landmarks


@pytest.mark.parametrize("angle", [0, 20, -35, 100])
def test_eyes_are_level_and_pixels_go_with_the_landmarks(angle):
    image, landmarks = face_with_points(angle)
    upright, placed = upright_face(image, (150, 100, 250, 200), landmarks, 512)
    assert upright.shape == (512, 512, 3)
    right, left = placed[RIGHT_EYE], placed[LEFT_EYE]
    assert right[1] == pytest.approx(left[1])
    assert right[0] < left[0]
    for x, y in (right, left):
        assert upright[round(y), round(x)].min() > 200


def test_a_box_grows_by_four_fifths_and_stays_in_the_picture():
    assert grown((100, 100, 200, 150), width=1000, height=1000) == (20, 60, 280, 190)
    assert grown((10, 10, 60, 60), width=80, height=90) == (0, 0, 80, 90)
    assert grown((0, 0, 0.2, 0.2), width=80, height=90) == (0, 0, 1, 1)
    assert grown(None, width=80, height=90) == (0, 0, 80, 90)


def test_a_vector_holds_the_numbers_of_the_landmarks_in_the_crop():
    landmarks = np.column_stack((np.arange(68.0), np.zeros(68)))
    vector = landmark_vector(landmarks, (0, 30), 20, 500)
    assert vector.shape == (500,)
    numbers = (vector.astype(float) + 1) / 2 * (69 - 30) + 30
    np.testing.assert_allclose(numbers[:21], np.arange(30, 51), atol=1e-4)  # both edges count
    np.testing.assert_allclose(numbers[21:], 69, atol=1e-4)


def test_without_a_landmark_in_the_crop_all_numbers_are_equal():
    vector = landmark_vector(np.full((68, 2), 900.0), (0, 0), 384, 500)
    np.testing.assert_array_equal(vector, np.full(500, -1, np.float32))


def test_twenty_crops_in_shapes_that_no_picture_changes():
    for size in ((300, 400, 3), (900, 500, 3)):
        image = np.full(size, 80, np.uint8)
        landmarks = np.random.default_rng(1).uniform(0, 300, (68, 2))
        landmarks[LEFT_EYE] = landmarks[RIGHT_EYE] + (50, 0)
        views = dsl_fiqa_views(image, None, landmarks, side_px=384, points=500)
        assert views["crops"].shape == (20, 384, 384, 3)
        assert views["landmarks"].shape == (20, 500)
        assert np.all(views["crops"] == 80)
