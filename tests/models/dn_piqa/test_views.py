"""Pixels and places that need no weights, against the figures of the authors' own code."""

import doctest

import numpy as np
import pytest
import torch
from PIL import Image

from piqa_cli.models.dn_piqa import views as views_of_dn_piqa
from piqa_cli.models.dn_piqa.views import (
    cut,
    dn_piqa_views,
    face_box,
    five_crops,
    liqe_patches,
    patch_origins,
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


@pytest.mark.parametrize(
    "box", [(3, 4, 20, 30), (-20, -20, 25, 15), (30, 25, 70, 60), (-20, -20, 70, 60)]
)
def test_cutting_equals_pillows(box):
    image = np.random.default_rng(3).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    assert np.array_equal(cut(image, box), np.asarray(Image.fromarray(image).crop(box)))


def test_examples():
    assert doctest.testmod(views_of_dn_piqa).failed == 0


@pytest.mark.parametrize("name", PICTURES)
def test_patches_equal_the_authors(name):
    golden = PICTURES[name]
    _, columns = golden["liqe_patch_rows_cols"]
    origins = patch_origins(*golden["size_wh"])
    assert [y // 32 * columns + x // 32 for y, x in origins] == golden["liqe_sel"]


def test_patches_are_the_pixels_of_the_picture():
    image = np.random.default_rng(1).integers(0, 256, (300, 451, 3), dtype=np.uint8)
    patches = liqe_patches(image)
    assert patches.shape == (15, 224, 224, 3)
    assert np.array_equal(patches[9], image[32:256, 32:256])  # 8 windows a row: the 9th wraps


@pytest.mark.parametrize("size", [(256, 240), (451, 300), (500, 420), (700, 1001)])
def test_patches_are_those_of_the_whole_unfold(size):
    image = np.random.default_rng(2).integers(0, 256, (*size, 3), dtype=np.uint8)
    windows = torch.from_numpy(image).unfold(0, 224, 32).unfold(1, 224, 32)
    windows = windows.flatten(0, 1).permute(0, 2, 3, 1)
    step = len(windows) // 15
    assert np.array_equal(liqe_patches(image), windows[[i * step for i in range(15)]])


def test_few_windows_repeat_the_first():
    assert patch_origins(256, 240) == [(0, 0)] * 15


def test_fewer_than_thirty_windows_are_the_first_fifteen():
    rows = [(0, 32 * x) for x in range(8)] + [(32, 32 * x) for x in range(7)]
    assert patch_origins(451, 300) == rows


def test_small_pictures_have_no_patches():
    with pytest.raises(ValueError, match="223x900: LIQE needs sides of at least 224 px"):
        patch_origins(223, 900)


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
