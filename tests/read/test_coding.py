from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from piqa_cli.errors import CaptureError
from piqa_cli.formats.heic import HEIC
from piqa_cli.formats.png import PNG
from piqa_cli.read.coding import by_code
from piqa_cli.read.color import profile_of
from piqa_cli.read.icc import SRGB_CURVE, matrix_profile
from piqa_cli.records import Exif

P3_XY = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
PATCH = (200, 120, 100)
IN_SRGB = (213.0, 115.0, 94.8)  # of PATCH in Display P3, by the formula of test_color.py


def _coded(file, primaries, transfer):
    """Writes code points into the place where the format keeps them."""
    data = file.read_bytes()
    if file.suffix == ".png":
        chunk = b"cICP" + bytes((primaries, transfer, 0, 1))
        chunk = struct.pack(">I", 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        data = data[:33] + chunk + data[33:]  # after IHDR
    else:
        start = data.index(b"colrnclx") + 8
        data = data[:start] + struct.pack(">HH", primaries, transfer) + data[start + 4 :]
    file.write_bytes(data)
    return file


@pytest.mark.parametrize("kind", ["png", "heic", "avif"])
def test_display_p3_by_code_becomes_srgb(save, read, kind):
    file = save(Image.new("RGB", (32, 32), PATCH), kind)
    photo = read(_coded(file, 12, 13))
    assert photo.facts.icc_profile == "Display P3 (by code)"
    assert photo.pixels[16, 16].tolist() == pytest.approx(IN_SRGB, abs=2.5)


@pytest.mark.parametrize("kind", ["png", "heic", "avif"])
def test_srgb_by_code_changes_nothing(save, read, kind):
    photo = read(_coded(save(Image.new("RGB", (32, 32), PATCH), kind), 1, 13))
    assert photo.facts.icc_profile is None
    assert photo.pixels[16, 16].tolist() == pytest.approx(PATCH, abs=2)


@pytest.mark.parametrize("kind", ["png", "heic", "avif"])
def test_colours_by_code_come_before_those_of_exif(save, read, kind):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA001] = 2
    photo = read(_coded(save(Image.new("RGB", (32, 32), PATCH), kind, exif=exif.tobytes()), 1, 13))
    assert photo.pixels[16, 16].tolist() == pytest.approx(PATCH, abs=2)


@pytest.mark.parametrize("kind", ["png", "heic", "avif"])
def test_linear_light_by_code_is_encoded(save, read, kind):
    photo = read(_coded(save(Image.new("RGB", (32, 32), (55, 55, 55)), kind), 1, 8))
    assert photo.facts.icc_profile == "sRGB, linear (by code)"
    assert photo.pixels[16, 16].tolist() == pytest.approx([128] * 3, abs=3)


def test_a_code_behind_a_large_chunk_is_met(save, read):
    file = save(Image.new("RGB", (32, 32), PATCH), "png")
    text = b"tEXt" + b"x" * 9000
    text = struct.pack(">I", 9000) + text + struct.pack(">I", zlib.crc32(text))
    data = _coded(file, 12, 13).read_bytes()
    file.write_bytes(data[:33] + text + data[33:])
    assert read(file).facts.icc_profile == "Display P3 (by code)"


@pytest.mark.parametrize("transfer", [16, 18])
@pytest.mark.parametrize("kind", ["png", "avif"])
def test_hdr_codes_beside_a_profile_are_read_by_the_profile(save, read, kind, transfer):
    icc = matrix_profile("Display P3", P3_XY, SRGB_CURVE)
    picture = Image.new("RGB", (32, 32), PATCH)
    photo = read(_coded(save(picture, kind, icc_profile=icc), 9, transfer))
    assert photo.facts.icc_profile == "Display P3"
    assert photo.pixels[16, 16].tolist() == pytest.approx(IN_SRGB, abs=2.5)


@pytest.mark.parametrize("kind", ["png", "avif"])
def test_hdr_codes_beside_a_broken_profile_are_refused(save, read, kind):
    file = save(Image.new("RGB", (32, 32), PATCH), kind, icc_profile=b"no profile")
    with pytest.raises(CaptureError, match="coded for HDR displays"):
        read(_coded(file, 9, 16))


def test_the_profile_of_a_heic_comes_before_its_codes(save):
    file = save(Image.new("RGB", (32, 32), PATCH), "heic")
    picture = Image.open(file)
    picture.info["nclx_profile"] |= {"color_primaries": 9, "transfer_characteristics": 16}
    picture.info["icc_profile"] = matrix_profile("Display P3", P3_XY, SRGB_CURVE)
    profile = profile_of(picture, HEIC, file.read_bytes(), exif=Exif())
    assert profile.description == "Display P3"


def test_a_png_code_for_usual_displays_overrules_the_profile(save, read):
    picture = Image.new("RGB", (32, 32), PATCH)
    p3 = matrix_profile("Display P3", P3_XY, SRGB_CURVE)
    photo = read(_coded(save(picture, "png", icc_profile=p3), 1, 13))
    assert photo.facts.icc_profile == "sRGB (by code)"
    assert photo.pixels[0, 0].tolist() == list(PATCH)
    alike = read(_coded(save(picture, "png", icc_profile=p3), 12, 13))
    assert alike.facts.icc_profile == "Display P3"


@pytest.mark.parametrize("kind", ["png", "heic", "avif"])
@pytest.mark.parametrize("transfer", [9, 17])
def test_codes_for_no_display_are_refused_by_name(save, read, kind, transfer):
    file = _coded(save(Image.new("RGB", (32, 32), PATCH), kind), 1, transfer)
    with pytest.raises(CaptureError, match=r"^coded for no display \("):
        read(file)


@pytest.mark.parametrize("kind", ["png", "heic", "avif"])
@pytest.mark.parametrize(("transfer", "name"), [(16, "PQ"), (18, "HLG")])
def test_hdr_coding_is_refused_by_name(save, read, kind, transfer, name):
    file = _coded(save(Image.new("RGB", (32, 32), PATCH), kind), 9, transfer)
    with pytest.raises(CaptureError, match=rf"^coded for HDR displays \({name}\): export an SDR"):
        read(file)


def test_the_made_profile_has_the_published_colorants(save):
    file = _coded(save(Image.new("RGB", (4, 4)), "png"), 12, 13)
    stated = by_code(PNG.color_codes(Image.open(file), file.read_bytes()))
    name, icc = stated.name, stated.icc
    start = icc.index(b"XYZ \0\0\0\0", icc.index(b"para") - 24) + 8
    red = np.array(struct.unpack_from(">iii", icc, start)) / 65536
    assert name == "Display P3 (by code)"
    assert red == pytest.approx((0.51512, 0.24120, -0.00105), abs=2e-4)
