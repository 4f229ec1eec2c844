"""Pixels and places that need no weights, against the figures of the authors' own code."""

import doctest

import numpy as np
import pytest
from PIL import Image

from piqa_cli.models.dn_piqa import views as views_of_dn_piqa
from piqa_cli.models.dn_piqa.views import (
    dn_piqa_views,
    face_box,
    five_crops,
    resized_size,
)
from tests.models.reference.golden import GOLDEN, sha256

PICTURES = GOLDEN["pictures"]


@pytest.mark.parametrize("name", PICTURES)
def test_pixels_equal_the_authors(name, pictures):
    golden, image = PICTURES[name], pictures[name]
    views = dn_piqa_views(image, golden["face_box"])
    assert sha256(image) == golden["rgb_sha256"]
    assert [sha256(crop) for crop in views["full"]] == golden["full_crop_rgb_sha256"]
    assert [sha256(crop) for crop in views["face"]] == golden["face_crops_rgb_sha256"]


def test_examples():
    assert doctest.testmod(views_of_dn_piqa).failed == 0


@pytest.mark.parametrize(
    ("size", "resized"),
    [
        ((1275, 1700), (448, 597)),
        ((451, 300), (673, 448)),
        ((447, 600), (448, 601)),
        ((448, 448), (448, 448)),
        ((1000, 3), (149333, 448)),
    ],
)
def test_longer_side_is_floored(size, resized):
    assert resized_size(*size) == resized


def test_centre_crop_rounds_half_to_even():
    pixels = np.zeros((448, 673, 3), np.uint8)
    pixels[:, :, 0] = np.arange(673) // 3
    centre = five_crops(Image.fromarray(pixels))[4]
    assert np.array_equal(centre, pixels[32:416, 144:528])  # 289 / 2 = 144.5


def test_face_box_is_clamped_and_rounded_before_it_grows():
    assert face_box((-7.2, 10.5, 95.6, 130.0), width=90, height=120) == (-20, -10, 110, 140)


def test_outside_of_the_picture_is_black(small_dn_piqa):
    image = np.full((300, 300, 3), 200, np.uint8)
    crop = small_dn_piqa.views(image, (0, 0, 300, 300))["face"][0]
    assert crop[0, 0].tolist() == [0, 0, 0]
    assert crop[200, 200].tolist() == [200, 200, 200]
