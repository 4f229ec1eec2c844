"""The upright face is cropped at fixed places, and its landmarks with it."""

import numpy as np

from piqa_cli.models.dsl_fiqa.views import EYES, dsl_fiqa_views, landmark_vector


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
        landmarks[EYES[1]] = landmarks[EYES[0]] + (50, 0)
        views = dsl_fiqa_views(image, None, landmarks, side_px=384, points=500)
        assert views["crops"].shape == (20, 384, 384, 3)
        assert views["landmarks"].shape == (20, 500)
        assert np.all(views["crops"] == 80)
