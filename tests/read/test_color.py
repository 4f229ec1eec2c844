from __future__ import annotations

import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from piqa_cli.formats.tiff import TIFF
from piqa_cli.read.color import profile_of, to_srgb
from piqa_cli.records import Exif

# Display P3's primaries adapted to the D50 of ICC profiles (Apple's published colorants).
P3_D50 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
# Linear Display P3 to linear sRGB, both D65 (CSS Color 4, section 18).
P3_TO_SRGB = np.array(
    [
        [1.2249401762805598, -0.22494017628055996, 0.0],
        [-0.042056954709688163, 1.0420569547096881, 0.0],
        [-0.019637554590334432, -0.078636045550631889, 1.0982736001409663],
    ]
)


def _s15(*numbers):
    return b"".join(struct.pack(">i", round(n * 65536)) for n in numbers)


def matrix_profile(name, colorants, curve):
    """A minimal ICC v4 display profile (ICC.1:2022, sections 7 to 10)."""
    text = name.encode("utf-16-be")
    multi = b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(text), 28) + text
    tags = {b"desc": multi, b"cprt": multi, b"wtpt": b"XYZ \0\0\0\0" + _s15(0.9642, 1, 0.8249)}
    for tag, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), colorants, strict=True):
        tags[tag] = b"XYZ \0\0\0\0" + _s15(*xyz)
    for tag in (b"rTRC", b"gTRC", b"bTRC"):
        tags[tag] = curve
    return icc_file(b"\4\0\0\0mntrRGB XYZ ", tags)


def icc_file(kind, tags):
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for tag, data in tags.items():
        table += tag + struct.pack(">II", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    header = struct.pack(">I4s", start + len(body), b"\0\0\0\0") + kind + b"\0" * 12
    header += b"acsp" + b"\0" * 28 + _s15(0.9642, 1, 0.8249)
    return header.ljust(128, b"\0") + table + body


SRGB_CURVE = b"para\0\0\0\0\0\3\0\0" + _s15(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
P3 = matrix_profile("Display P3", P3_D50, SRGB_CURVE)


def srgb_of_p3(pixels):
    """By the formula alone: decode, 3 x 3 matrix, clip, encode."""
    encoded = pixels / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    out = np.clip(linear @ P3_TO_SRGB.T, 0, 1)
    return 255 * np.where(out <= 0.0031308, out * 12.92, 1.055 * out ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("kind", ["png", "tiff", "jpeg", "webp", "heic", "avif"])
def test_display_p3_becomes_srgb(save, read, kind):
    patches = np.array([[200, 120, 100], [60, 90, 160], [90, 140, 80], [255, 255, 255]], np.uint8)
    picture = Image.fromarray(patches.repeat(32, axis=0).reshape(4, 32, 3).repeat(16, axis=0))
    photo = read(save(picture, kind, icc_profile=P3))
    assert photo.facts.icc_profile == "Display P3"
    middles = photo.pixels[8::16, 16].astype(float)
    assert np.abs(middles - srgb_of_p3(patches)).max() <= (1.5 if kind in ("png", "tiff") else 4)
    assert np.abs(srgb_of_p3(patches) - patches).max() > 10


def test_colours_beyond_srgb_are_clipped(save, read):
    red = Image.new("RGB", (2, 2), (255, 0, 0))
    assert read(save(red, "png", icc_profile=P3)).pixels[0, 0].tolist() == [255, 0, 0]


def test_srgb_profiles_change_nothing(save, read):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    noise = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    photo = read(save(Image.fromarray(noise), "png", icc_profile=srgb))
    assert photo.facts.icc_profile == "sRGB built-in"
    assert np.array_equal(photo.pixels, noise)


def test_a_linear_profile_is_not_taken_for_srgb(save, read):
    linear = matrix_profile("sRGB linear", P3_D50, b"curv\0\0\0\0\0\0\0\0")
    photo = read(save(Image.new("RGB", (2, 2), (55, 55, 55)), "png", icc_profile=linear))
    assert photo.pixels[0, 0].tolist() == pytest.approx([128] * 3, abs=1)  # 1.055 (55/255)^(1/2.4)


def test_a_grey_picture_with_a_colour_profile_stays_neutral(save, read):
    photo = read(save(Image.new("L", (2, 2), 100), "png", icc_profile=P3))
    assert photo.pixels[0, 0].tolist() == pytest.approx([100] * 3, abs=1)


@pytest.mark.parametrize("broken", [b"no profile", P3[:200], P3[:128] + b"\xff" * 300])
def test_a_broken_profile_is_said_and_ignored(save, read, broken):
    picture = Image.new("RGB", (2, 2), (200, 120, 100))
    photo = read(save(picture, "png", icc_profile=broken))
    assert photo.facts.icc_profile == "unreadable (sRGB assumed)"
    assert photo.pixels[0, 0].tolist() == [200, 120, 100]


def test_a_profile_of_another_colour_model_is_ignored():
    cmyk = Image.new("CMYK", (1, 1), (0, 255, 255, 0))
    cmyk.info["icc_profile"] = P3
    assert to_srgb(cmyk, profile_of(cmyk, TIFF, b"", exif=Exif())).getpixel((0, 0)) == (255, 0, 0)


def test_plain_cmyk_is_scored_by_the_plain_formula(save, read):
    ink = Image.new("CMYK", (16, 16), (51, 102, 0, 51))
    photo = read(save(ink, "tiff"))
    # (255 - C) (255 - K) / 255, and so on
    assert photo.pixels[0, 0].tolist() == [163, 122, 204]
    assert np.abs(read(save(ink, "jpeg")).pixels[0, 0].astype(int) - [163, 122, 204]).max() <= 2


def test_lab_becomes_srgb(save, read):
    grey = Image.new("LAB", (2, 2), (137, 128, 128))  # L* 53.7
    photo = read(save(grey, "tiff"))
    assert photo.pixels[0, 0].tolist() == pytest.approx([128] * 3, abs=2)


def cmyk_profile():
    """A CMYK profile whose only ink is black: L* falls from 100 to 0 with K."""
    ramp = bytes(range(256))
    lightness = [0 if corner & 1 else 255 for corner in range(16)]  # the last channel moves fastest
    table = b"".join(bytes((light, 128, 128)) for light in lightness)
    lut = b"mft1\0\0\0\0\4\3\2\0" + _s15(1, 0, 0, 0, 1, 0, 0, 0, 1) + ramp * 4 + table + ramp * 3
    text = b"desc\0\0\0\0" + struct.pack(">I", 9) + b"One ink\0\0".ljust(87, b"\0")
    tags = {b"desc": text, b"A2B0": lut, b"wtpt": b"XYZ \0\0\0\0" + _s15(0.9642, 1, 0.8249)}
    return icc_file(b"\2\x10\0\0prtrCMYKLab ", tags)


@pytest.mark.parametrize("kind", ["tiff", "jpeg"])
def test_cmyk_goes_through_its_profile(save, read, kind):
    ink = Image.new("CMYK", (16, 16), (200, 0, 100, 128))
    photo = read(save(ink, kind, icc_profile=cmyk_profile()))
    assert photo.facts.icc_profile == "One ink"
    # L* 49.8 is Y 0.1827, and 1.055 Y^(1/2.4) - 0.055 of 255 is 118.5
    assert photo.pixels[0, 0].tolist() == pytest.approx([118.5] * 3, abs=3)
