from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from piqa_cli.errors import CaptureError
from piqa_cli.formats.png import PNG
from piqa_cli.read.coding import profile_by_code

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
@pytest.mark.parametrize(("transfer", "name"), [(16, "PQ"), (18, "HLG")])
def test_hdr_coding_is_refused_by_name(save, read, kind, transfer, name):
    file = _coded(save(Image.new("RGB", (32, 32), PATCH), kind), 9, transfer)
    with pytest.raises(CaptureError, match=rf"^coded for HDR displays \({name}\): export an SDR"):
        read(file)


def test_the_made_profile_has_the_published_colorants(save):
    file = _coded(save(Image.new("RGB", (4, 4)), "png"), 12, 13)
    name, icc = profile_by_code(PNG.color_codes(Image.open(file), file.read_bytes()))
    start = icc.index(b"XYZ \0\0\0\0", icc.index(b"para") - 24) + 8
    red = np.array(struct.unpack_from(">iii", icc, start)) / 65536
    assert name == "Display P3 (by code)"
    assert red == pytest.approx((0.51512, 0.24120, -0.00105), abs=2e-4)
