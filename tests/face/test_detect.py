from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from skimage import data

from piqa_cli.errors import CaptureError
from piqa_cli.face.boxes import area
from piqa_cli.face.detect import (
    DETECTOR_VERSION,
    NO_FACE,
    Detection,
    FaceDetector,
    choose,
    detector_view,
)
from piqa_cli.records import Box

ASTRONAUT_FACE = Box(179, 64, 265, 173)


def iou(one, other):
    """Intersection over union of two boxes, 0..1."""
    corner = max(one.x0, other.x0), max(one.y0, other.y0)
    shared = area(Box(*corner, min(one.x1, other.x1), min(one.y1, other.y1)))
    return shared / (area(one) + area(other) - shared)


def _resized(pixels, width, height):
    return np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC))


def test_a_face_is_found_in_whole_working_pixels(detector, astronaut):
    found = detector.detect(astronaut)
    assert found.box == ASTRONAUT_FACE
    assert found.confidence == pytest.approx(0.99931, abs=1e-4)
    assert len(found.faces) == 1


def test_the_same_picture_gives_the_same_box_alone_or_after_others(detector, astronaut):
    first = detector.detect(astronaut)
    detector.detect(np.ascontiguousarray(astronaut[::-1]))
    assert detector.detect(astronaut.copy()) == first
    assert FaceDetector().detect(astronaut) == first


def test_no_face_is_no_error(detector):
    assert detector.detect(np.ascontiguousarray(data.coffee())) == NO_FACE


def test_large_pictures_are_looked_at_in_the_fixed_view(detector, astronaut):
    large = _resized(astronaut, 2560, 2560)
    assert detector_view(large).shape == (1280, 1280, 3)
    expected = Box(179 * 5, 64 * 5, 265 * 5, 173 * 5)
    assert iou(detector.detect(large).box, expected) > 0.85


def test_small_pictures_are_not_enlarged(astronaut):
    assert detector_view(astronaut) is astronaut
    assert detector_view(np.zeros((10, 2561, 3), np.uint8)).shape == (5, 1280, 3)
    assert detector_view(np.zeros((9000, 1, 3), np.uint8)).shape == (1280, 1, 3)


def test_boxes_stay_inside_the_picture(detector, astronaut):
    cut = np.ascontiguousarray(astronaut[:150, 185:])
    found = detector.detect(cut)
    assert found.box is not None
    assert found.box.x0 == 0
    assert found.box.y1 <= 150


@pytest.mark.parametrize("size", [(1, 1), (2, 600), (63, 900), (64, 64), (160, 1280), (1280, 65)])
@pytest.mark.parametrize("fill", [0, 255, None])
def test_odd_pictures_have_no_face_and_do_not_crash(detector, size, fill):
    noise = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    pixels = noise if fill is None else np.full((*size, 3), fill, np.uint8)
    assert detector.detect(pixels) == NO_FACE


def test_two_faces_one_large_are_told_apart(astronaut):
    pair = np.zeros((1024, 1024 + 512, 3), np.uint8)
    pair[:, :1024] = _resized(astronaut, 1024, 1024)
    pair[:512, 1024:] = astronaut
    found = FaceDetector("largest").detect(pair)
    assert len(found.faces) == 2
    assert iou(found.box, Box(358, 128, 530, 346)) > 0.8


def test_the_rules_choose_by_confidence_or_by_area():
    small, large = (Box(0, 0, 10, 10), 0.99), (Box(50, 0, 90, 40), 0.90)
    assert choose([small, large], "confident") == Detection(small[0], 0.99, (small, large))
    assert choose([small, large], "largest") == Detection(large[0], 0.90, (small, large))
    assert choose([], "largest") == NO_FACE


def test_equals_are_settled_by_the_other_measure_then_by_position():
    one, two = (Box(0, 0, 10, 10), 0.9), (Box(0, 20, 10, 30), 0.9)
    wide = (Box(0, 50, 20, 60), 0.9)
    for rule in ("confident", "largest"):
        assert choose([two, one], rule).box == one[0]
    assert choose([one, wide, two], "confident").box == wide[0]


def test_a_failing_detector_costs_its_capture(astronaut):
    class Broken(FaceDetector):
        def __init__(self):
            super().__init__()
            self._cascade = self

        def detect(self, pixels):
            raise RuntimeError("out of memory\nmany lines")

    with pytest.raises(CaptureError, match=r"^the face detector failed: out of memory$") as caught:
        Broken().faces(astronaut)
    assert caught.value.stage == "face"


def test_the_version_names_what_moves_a_box():
    assert DETECTOR_VERSION == "mtcnn facenet-pytorch 2.5.3, view 1280 bilinear, min face 64, v1"
