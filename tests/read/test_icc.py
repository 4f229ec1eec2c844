from __future__ import annotations

import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from piqa_cli.read.icc import D65_XY, SRGB_CURVE, SRGB_XY, is_srgb, matrix_profile, same_colors

NOISE = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
ADOBE_XY = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
# Of the gamut's primaries turned to D50 and rounded, as vendors' version 2 profiles hold them.
ROUNDED_XY = ((0.6401, 0.3301), (0.2999, 0.6001), (0.1501, 0.0601))


def linear(encoded):
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def with_table(name, points):
    """A profile whose curves are a table of so many points, as older profiles have them."""
    table = (65535 * linear(np.linspace(0, 1, points))).round().astype(">u2").tobytes()
    curve = b"curv\0\0\0\0" + struct.pack(">I", points) + table
    profile = matrix_profile(name, ROUNDED_XY, SRGB_CURVE)
    made = bytearray(profile)
    for index in range(struct.unpack_from(">I", made, 128)[0]):
        place = 132 + 12 * index
        if made[place + 1 : place + 4] == b"TRC":
            struct.pack_into(">II", made, place + 4, len(profile), len(curve))
    made += curve + b"\0" * (-len(curve) % 4)
    struct.pack_into(">I", made, 0, len(made))
    return bytes(made)


ALIKE = {
    "littlecms": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    "parametric": matrix_profile("IEC 61966-2.1", SRGB_XY, SRGB_CURVE),
    "1024 points": with_table("Vendor default RGB", 1024),
    "26 points": with_table("c2", 26),
}
OTHERS = {
    "linear": matrix_profile("sRGB linear", SRGB_XY, (1.0,)),
    "gamma 1.8": matrix_profile("sRGB", SRGB_XY, (1.8,)),
    "gamma 2.2": matrix_profile("sRGB IEC61966-2.1", SRGB_XY, (2.2,)),
    "wide": matrix_profile("sRGB", ADOBE_XY, SRGB_CURVE),
}


@pytest.mark.parametrize("name", ALIKE)
def test_srgb_of_any_vendor_changes_no_pixel(save, read, name):
    assert is_srgb(ALIKE[name])
    photo = read(save(Image.fromarray(NOISE), "png", icc_profile=ALIKE[name]))
    assert np.array_equal(photo.pixels, NOISE)


@pytest.mark.parametrize("name", OTHERS)
def test_other_colours_by_the_name_of_srgb_are_converted(save, read, name):
    assert not is_srgb(OTHERS[name])
    photo = read(save(Image.fromarray(NOISE), "png", icc_profile=OTHERS[name]))
    assert np.abs(photo.pixels.astype(int) - NOISE).max() > 5


@pytest.mark.parametrize("name", ["gamma 1.8", "gamma 2.2", "linear"])
def test_a_gamma_is_taken_off_and_srgb_put_on(save, read, name):
    gamma = {"gamma 1.8": 1.8, "gamma 2.2": 2.2, "linear": 1.0}[name]
    encoded = (255 * linear(NOISE / 255) ** (1 / gamma)).round().astype(np.uint8)
    photo = read(save(Image.fromarray(encoded), "png", icc_profile=OTHERS[name]))
    bright = (NOISE > 60).all(axis=-1)  # 8 bits of linear light have few steps below it
    assert np.abs(photo.pixels.astype(int) - NOISE)[bright].max() <= (4 if gamma == 1 else 2)


def test_profiles_are_compared_by_their_colours():
    wide = matrix_profile("A", ADOBE_XY, (2.2,))
    assert same_colors(wide, matrix_profile("B", ADOBE_XY, (2.2,), D65_XY))
    assert not same_colors(wide, ALIKE["littlecms"])
