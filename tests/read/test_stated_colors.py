"""Colours stated by PNG's gAMA and cHRM, and by EXIF: as the same picture in an sRGB PNG."""

from __future__ import annotations

import struct
import zlib
from itertools import product

import numpy as np
import pytest
from PIL import Image

from piqa_cli.errors import CaptureError
from piqa_cli.read.icc import SRGB_CURVE, SRGB_XY, matrix_profile

SRGB_CHRM = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
ADOBE_CHRM = (0.3127, 0.3290, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
PATCHES = np.array(
    [[200, 120, 100], [60, 90, 160], [90, 140, 80], [255, 255, 255], [128, 128, 128]], np.uint8
)
# Linear Adobe RGB (1998) to linear sRGB, both D65 (Adobe RGB (1998), annex C; IEC 61966-2-1).
FROM_ADOBE = np.array(
    [[1.39836, -0.39836, 0.0], [0.0, 1.0, 0.0], [0.0, -0.04293, 1.04293]],
)


def linear(encoded):
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def picture(values):
    return Image.fromarray(np.repeat(np.repeat(values[None], 16, axis=0), 16, axis=1))


def encoded(gamma, matrix=None):
    """The patches in other colours, by the formula alone."""
    light = linear(PATCHES / 255)
    if matrix is not None:
        light = np.clip(light @ np.linalg.inv(matrix).T, 0, 1)
    return (255 * light ** (1 / gamma)).round().astype(np.uint8)


def with_chunks(file, *, gamma=None, chrm=None, srgb=False):
    chunks = []
    if srgb:
        chunks.append(b"sRGB\0")
    if gamma is not None:
        chunks.append(b"gAMA" + struct.pack(">I", round(gamma * 100_000)))
    if chrm is not None:
        chunks.append(b"cHRM" + struct.pack(">8I", *(round(v * 100_000) for v in chrm)))
    made = b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in chunks
    )
    data = file.read_bytes()
    file.write_bytes(data[:33] + made + data[33:])
    return file


def off(photo, values=PATCHES):
    """Largest difference from the picture as an sRGB PNG, of 255."""
    return np.abs(photo.pixels[8, 8::16].astype(int) - values).max()


@pytest.mark.parametrize("gamma", [1.0, 1.8, 2.6])
def test_a_gamma_is_converted(save, read, gamma):
    file = save(picture(encoded(gamma)), "png")
    assert off(read(file)) > 5
    photo = read(with_chunks(file, gamma=1 / gamma))
    assert photo.facts.icc_profile == f"gamma {gamma:.3g} (gAMA)"
    assert off(photo) <= 2


def test_primaries_are_converted(save, read):
    file = save(picture(encoded(2.2, FROM_ADOBE)), "png")
    photo = read(with_chunks(file, gamma=1 / 2.2, chrm=ADOBE_CHRM))
    assert photo.facts.icc_profile == "gamma 2.2, primaries by cHRM (gAMA)"
    assert off(photo) <= 2


@pytest.mark.parametrize("chrm", [None, SRGB_CHRM, tuple(round(v, 2) for v in SRGB_CHRM)])
@pytest.mark.parametrize("gamma", [None, 0.45455, 0.45])
def test_the_usual_gamma_and_primaries_are_srgb(save, read, gamma, chrm):
    photo = read(with_chunks(save(picture(PATCHES), "png"), gamma=gamma, chrm=chrm))
    assert off(photo) == 0


def test_the_chunk_srgb_and_a_profile_come_before_gamma(save, read):
    file = with_chunks(save(picture(PATCHES), "png"), srgb=True, gamma=1.0)
    assert off(read(file)) == 0
    icc = matrix_profile("sRGB", SRGB_XY, SRGB_CURVE)
    file = with_chunks(save(picture(PATCHES), "png", icc_profile=icc), gamma=1.0, chrm=ADOBE_CHRM)
    assert off(read(file)) == 0


def test_grey_pictures_have_a_gamma_too(save, read):
    grey = Image.new("L", (8, 8), 55)
    photo = read(with_chunks(save(grey, "png"), gamma=1.0))
    assert photo.pixels[0, 0].tolist() == pytest.approx([128] * 3, abs=1)


@pytest.mark.parametrize("gamma", [0.0, 0.01, 40.0])
def test_a_gamma_of_no_picture_is_refused(save, read, gamma):
    with pytest.raises(CaptureError, match=r"^its chunk gAMA states .*, no gamma of a picture"):
        read(with_chunks(save(picture(PATCHES), "png"), gamma=gamma))


@pytest.mark.parametrize(
    "chrm", [(0.0,) * 8, (0.31, 0.33, *(0.3, 0.6) * 3), (0.9, 0.05, *SRGB_CHRM[2:])]
)
def test_primaries_of_no_picture_are_refused(save, read, chrm):
    with pytest.raises(CaptureError, match=r"^its chunk cHRM states no primaries of a picture"):
        read(with_chunks(save(picture(PATCHES), "png"), chrm=chrm))


def adobe_exif(*, color_space, rule):
    exif = Image.Exif()
    ifd = exif.get_ifd(0x8769)
    if color_space is not None:
        ifd[0xA001] = color_space
    if rule is not None:
        ifd[0xA005] = {1: rule}
    return exif.tobytes()


@pytest.mark.parametrize(
    ("kind", "color_space", "rule"),
    [
        *product(["jpeg", "png", "webp", "tiff"], [2], [None]),
        *product(["jpeg", "png", "webp"], [65535, None], ["R03"]),  # Pillow writes none to TIFF
    ],
)
def test_adobe_rgb_by_exif_is_converted(save, read, kind, color_space, rule):
    file = save(
        picture(encoded(563 / 256, FROM_ADOBE)),
        kind,
        exif=adobe_exif(color_space=color_space, rule=rule),
    )
    photo = read(file)
    assert photo.facts.icc_profile == "Adobe RGB (by EXIF)"
    assert photo.facts.exif.color_space == "Adobe RGB"
    assert off(photo) <= (4 if kind == "jpeg" else 2)


@pytest.mark.parametrize(("color_space", "rule"), [(1, "R03"), (65535, "R98"), (65535, None)])
def test_other_exif_is_srgb(save, read, color_space, rule):
    exif = adobe_exif(color_space=color_space, rule=rule)
    photo = read(save(picture(PATCHES), "png", exif=exif))
    assert (off(photo), photo.facts.icc_profile) == (0, None)


def test_a_profile_comes_before_exif(save, read):
    icc = matrix_profile("Plain", SRGB_XY, SRGB_CURVE)
    exif = adobe_exif(color_space=2, rule="R03")
    photo = read(save(picture(PATCHES), "png", icc_profile=icc, exif=exif))
    assert (off(photo), photo.facts.icc_profile) == (0, "Plain")
