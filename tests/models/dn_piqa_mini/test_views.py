from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from piqa_cli.models.dn_piqa_mini.views import mini_views

SHAPES = {
    "whole": (2, 384, 384, 3),
    "face": (1, 224, 224, 3),
    "detail": (3, 224, 224, 3),
    "scale": (1, 1),
}


def noise(height: int, width: int):
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


def equal(first, second):
    return all(np.array_equal(first[name], second[name]) for name in SHAPES)


@pytest.mark.parametrize(
    "size", [(64, 64), (64, 512), (1350, 1800), (300, 900), (900, 300), (700, 520), (65, 90)]
)
@pytest.mark.parametrize("face", [None, (10, 10, 60, 60)])
def test_views_have_fixed_shapes_for_any_picture(size, face):
    views = mini_views(noise(*size), face)
    assert {name: array.shape for name, array in views.items()} == SHAPES
    assert {name for name, array in views.items() if array.dtype != np.uint8} == {"scale"}
    assert all(array.flags.writeable for array in views.values())  # torch warns otherwise


@pytest.mark.parametrize(
    "box", [(-500, -500, -400, -400), (900, 0, 999, 99), (50, 50, 50.5, 90), (400, 10, 450, 60)]
)
def test_a_box_outside_or_empty_is_no_face(box):
    image = noise(300, 400)
    assert equal(mini_views(image, box), mini_views(image, None))


def test_a_box_beyond_the_edge_counts_as_far_as_it_is_inside():
    image = noise(300, 400)
    assert equal(mini_views(image, (-40, -9, 90, 120)), mini_views(image, (0, 0, 90, 120)))


def test_the_face_square_is_in_the_middle_of_the_face_and_larger():
    image = np.zeros((600, 800, 3), np.uint8)
    image[300:400, 500:600] = 255
    face = mini_views(image, (500, 300, 600, 400))["face"][0, ..., 0]
    seen = np.nonzero(face[112] > 127)[0]
    assert face[112, 112] == 255
    assert len(seen) == pytest.approx(224 / 1.6, abs=2)
    assert seen.mean() == pytest.approx(111.5, abs=1)


def test_detail_is_seen_at_the_scale_of_1350_px():
    stripes = np.zeros((1350, 1800, 3), np.uint8)
    stripes[:, ::2] = 255
    detail = mini_views(stripes, (800, 500, 1000, 700))["detail"]
    assert [np.unique(square).tolist() for square in detail] == [[0, 255]] * 3


def test_a_larger_picture_shows_the_same_squares_of_detail():
    image = noise(1350 // 10, 1800 // 10).repeat(10, axis=0).repeat(10, axis=1)
    larger = image.repeat(2, axis=0).repeat(2, axis=1)
    detail = mini_views(image, (800, 500, 1000, 700))["detail"]
    doubled = mini_views(larger, (1600, 1000, 2000, 1400))["detail"]
    assert np.abs(doubled.astype(int) - detail).mean() < 5  # other squares differ by 85


def test_only_the_whole_picture_is_the_same_with_and_without_a_face():
    image = noise(400, 500)
    with_face, without = mini_views(image, (20, 20, 120, 120)), mini_views(image, None)
    assert np.array_equal(with_face["whole"], without["whole"])
    assert not np.array_equal(with_face["face"], without["face"])
    same = [
        np.array_equal(one, two)
        for one, two in zip(with_face["detail"], without["detail"], strict=True)
    ]
    assert same == [False, True, True]


def test_a_square_picture_has_one_end_and_a_wider_one_two():
    first, second = mini_views(noise(500, 500), None)["whole"]
    assert np.array_equal(first, second)
    for size in ((480, 640), (640, 480)):
        first, second = mini_views(noise(*size), None)["whole"]
        assert not np.array_equal(first, second)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0, 8.0])
@pytest.mark.parametrize("place", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_no_part_of_a_picture_is_left_out_however_wide_it_is(ratio, place):
    long = round(240 * ratio)
    image = np.zeros((240, long, 3), np.uint8)
    at = round(place * (long - 30))
    image[:, at : at + 30] = 255
    assert mini_views(image, None)["whole"].max() > 200
    upright = np.ascontiguousarray(image.transpose(1, 0, 2))
    assert mini_views(upright, None)["whole"].max() > 200


def test_a_portrait_picture_is_seen_as_a_landscape_one_turned():
    image = noise(300, 400) // 4 + 96  # without values that are cut off between the two passes
    lying, standing = (
        mini_views(np.ascontiguousarray(one), None)["whole"]
        for one in (image, image.transpose(1, 0, 2))
    )
    difference = standing.astype(int) - lying.transpose(0, 2, 1, 3)
    assert np.abs(difference).max() <= 2


@pytest.mark.parametrize(
    ("size", "scale"), [((1350, 1800), 1), ((4000, 3000), 1), ((800, 540), 0.4)]
)
def test_the_scale_tells_how_much_detail_a_picture_can_have(size, scale):
    assert mini_views(noise(*size), None)["scale"].tolist() == [[pytest.approx(scale)]]


def test_views_repeat_to_the_byte():
    image = noise(333, 221)
    assert equal(*(mini_views(image, (20, 20, 120, 150)) for _ in range(2)))


def test_cutting_views_needs_no_torch():
    code = "import sys, piqa_cli.models.dn_piqa_mini.views; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
