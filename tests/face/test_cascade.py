from __future__ import annotations

import numpy as np
import pytest
import torch
from facenet_pytorch import MTCNN
from PIL import Image
from skimage import data

from piqa_cli.face.cascade import Cascade


@pytest.fixture(scope="module")
def mtcnn() -> MTCNN:
    return MTCNN(min_face_size=20, select_largest=False).eval()


@pytest.fixture(scope="module")
def cascade(mtcnn) -> Cascade:
    return Cascade(mtcnn, min_face_px=20, device=torch.device("cpu"))


def _group(astronaut: np.ndarray) -> np.ndarray:
    """Five faces of different size, one of them cut by the edge, and noise around them."""
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 256, (700, 900, 3), np.uint8))
    face = Image.fromarray(astronaut).crop((120, 20, 330, 240))
    for place, side in (((10, 10), 90), ((150, 300), 220), ((400, 20), 300), ((600, 400), 180)):
        picture.paste(face.resize((side, side)), place)
    picture.paste(face, (790, 200))
    return np.asarray(picture)


@pytest.mark.parametrize("kind", ["astronaut", "group", "mirrored", "dark", "small"])
def test_boxes_are_those_of_facenet_pytorch(cascade, mtcnn, astronaut, kind):
    pixels = {
        "astronaut": lambda: astronaut,
        "group": lambda: _group(astronaut),
        "mirrored": lambda: _group(astronaut)[:, ::-1].copy(),
        "dark": lambda: _group(astronaut) // 4,
        "small": lambda: astronaut[40:200:2, 150:300:2].copy(),
    }[kind]()
    boxes, confidences = cascade.detect(pixels)
    theirs, their_confidences = mtcnn.detect(pixels)
    assert boxes.shape == theirs.shape
    assert np.abs(boxes - theirs.astype(np.float32)).max() < 1e-3
    assert np.abs(confidences - their_confidences.astype(np.float32)).max() < 1e-5


def test_nothing_proposed_and_nothing_kept_are_no_faces(cascade):
    for pixels in (np.zeros((300, 400, 3), np.uint8), np.ascontiguousarray(data.coffee())):
        boxes, confidences = cascade.detect(pixels)
        assert (boxes.shape, confidences.shape) == ((0, 4), (0,))
