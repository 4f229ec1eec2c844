from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from piqa_cli.errors import CaptureError
from piqa_cli.read.pixels import flatten, orient, working_size

SIDE = st.integers(1, 20_000)


def _values(image):
    return np.asarray(image).ravel().tolist()


@pytest.mark.parametrize(
    ("size", "side", "expected"),
    [
        ((4000, 3000), 1350, (1800, 1350)),
        ((3024, 4032), 1350, (1350, 1800)),
        ((1275, 1700), 1350, (1275, 1700)),
        ((1350, 9000), 1350, (1350, 9000)),
        ((4001, 3000), 1350, (1800, 1350)),
        ((16320, 12240), 1350, (1800, 1350)),
        ((4000, 3000), None, (4000, 3000)),
    ],
)
def test_working_size(size, side, expected):
    assert working_size(*size, working_side_px=side) == expected


@given(SIDE, SIDE, st.integers(1, 2000))
def test_working_size_never_enlarges_and_keeps_the_shape(width, height, side):
    new_width, new_height = working_size(width, height, working_side_px=side)
    assert (new_width <= width, new_height <= height) == (True, True)
    assert min(new_width, new_height) == min(width, height, side)
    assert (new_width < new_height) <= (width <= height)


def test_16_bit_grey_is_scaled_not_clipped():
    grey = Image.fromarray(np.array([[0, 255, 256, 32768, 65280, 65535]], np.uint16))
    assert grey.mode == "I;16"
    assert _values(flatten(grey, 16)) == [0, 0, 1, 128, 255, 255]


def test_16_bit_grey_from_files(save, read):
    grey = Image.fromarray(np.array([[0, 1000, 40000, 65535]], np.uint16))
    for kind in ("png", "tiff"):
        photo = read(save(grey, kind))
        assert photo.facts.bit_depth == 16
        assert photo.pixels[0, :, 0].tolist() == [0, 3, 156, 255]
        assert (photo.pixels[..., 0] == photo.pixels[..., 2]).all()


def test_32_bit_holders_of_16_bit_greys_are_scaled():
    grey = Image.fromarray(np.array([[-5, 0, 32768, 65535, 70000]], np.int32))
    assert _values(flatten(grey, 16)) == [0, 0, 128, 255, 255]


def test_12_bit_grey_uses_its_own_white():
    grey = Image.fromarray(np.array([[0, 2048, 4095]], np.uint16))
    assert _values(flatten(grey, 12)) == [0, 128, 255]


def test_16_bit_grey_tiff_with_white_zero_is_inverted(save, read):
    grey = Image.fromarray(np.array([[0, 65535]], np.uint16))
    file = save(grey, "tiff")
    tags = bytearray(file.read_bytes())
    entry = tags.index((262).to_bytes(2, "little") + (3).to_bytes(2, "little"))
    tags[entry + 8] = 0  # PhotometricInterpretation: white is zero
    file.write_bytes(tags)
    assert read(file).pixels[0, :, 0].tolist() == [255, 0]


def test_32_bit_samples_are_refused():
    with pytest.raises(CaptureError, match="32-bit samples: export the picture with 8 or 16 bits"):
        flatten(Image.fromarray(np.ones((2, 2), np.float32)), 32)


def test_transparent_parts_are_shown_on_white():
    pixels = np.array([[[200, 0, 0, 255], [200, 0, 0, 0], [0, 0, 0, 51]]], np.uint8)
    colour = flatten(Image.fromarray(pixels), 8)
    assert np.asarray(colour).tolist() == [[[200, 0, 0], [255, 255, 255], [204, 204, 204]]]
    grey = flatten(Image.fromarray(pixels[..., [0, 3]]), 8)
    assert (grey.mode, _values(grey)) == ("L", [200, 255, 204])


def test_palettes_and_1_bit_become_plain(save, read):
    palette = Image.new("P", (3, 1))
    palette.putpalette([0, 0, 0, 10, 20, 30, 255, 0, 0])
    palette.putdata([0, 1, 2])
    photo = read(save(palette, "png"))
    assert photo.pixels.tolist() == [[[0, 0, 0], [10, 20, 30], [255, 0, 0]]]
    photo = read(save(palette, "png", transparency=2))
    assert photo.pixels.tolist() == [[[0, 0, 0], [10, 20, 30], [255, 255, 255]]]
    bilevel = Image.fromarray(np.array([[True, False]]))
    photo = read(save(bilevel, "png"))
    assert (photo.facts.bit_depth, photo.pixels[0, :, 1].tolist()) == (1, [255, 0])


def test_an_unknown_orientation_leaves_the_picture_alone(squares):
    assert orient(squares, 0) is squares
    assert orient(squares, 9) is squares
    assert orient(squares, 6).size == (48, 64)
