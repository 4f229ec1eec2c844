from __future__ import annotations

import zlib

import numpy as np
import pillow_heif
import pytest
from PIL import Image, PngImagePlugin

from piqa_cli.formats import FORMATS
from piqa_cli.read.gain_map import has_gain_map

DEEP = np.linspace(0, 65535, 64 * 64 * 3).reshape(64, 64, 3).astype(np.uint16)


def test_10_bit_heic_is_read(tmp_path, read):
    file = tmp_path / "deep.heic"
    picture = pillow_heif.from_bytes("RGB;16", (64, 64), DEEP.tobytes())
    picture.save(file, quality=-1, chroma=444)
    photo = read(file)
    assert photo.facts.bit_depth == 10
    assert np.abs(photo.pixels.astype(int) - (DEEP >> 8)).max() <= 4


def test_16_bit_colour_is_read_by_its_high_byte(tmp_path, read):
    file = tmp_path / "deep.png"
    with file.open("wb") as stream:
        stream.write(b"\x89PNG\r\n\x1a\n")
        header = (64).to_bytes(4, "big") * 2 + bytes((16, 2, 0, 0, 0))
        PngImagePlugin.putchunk(stream, b"IHDR", header)
        rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in DEEP)
        PngImagePlugin.putchunk(stream, b"IDAT", zlib.compress(rows))
        PngImagePlugin.putchunk(stream, b"IEND", b"")
    photo = read(file)
    assert photo.facts.bit_depth == 16
    assert np.array_equal(photo.pixels, DEEP >> 8)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("jpeg", {"xmp": b'<x xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"/>'}),
        ("heic", {"xmp": b"<x>urn:com:apple:photo:2020:aux:hdrgainmap</x>"}),
    ],
)
def test_gain_maps_are_noted(squares, save, read, kind, options):
    assert read(save(squares, kind, **options)).facts.has_gain_map
    assert not read(save(squares, kind)).facts.has_gain_map


def test_tone_mapped_items_of_iso_21496_are_noted():
    item = b"\0\0\0\x15infe\2\0\0\0\0\5\0\0tmap\0"
    wide = b"\0\0\0\x17infe\3\0\0\0\0\0\0\5\0\0tmap\0"  # numbers of 32 bits
    assert has_gain_map(FORMATS["heic"], b"....ftypheic" + wide)
    assert has_gain_map(FORMATS["avif"], b"....ftypavif" + item)
    assert has_gain_map(FORMATS["heic"], b"....ftypheic" + item)
    assert not has_gain_map(FORMATS["jpeg"], b"\xff\xd8\xff" + item)


def test_the_base_of_an_ultra_hdr_jpeg_is_scored(squares, tmp_path, save, read):
    base = read(save(squares, "jpeg")).pixels
    file = tmp_path / "ultra_hdr.jpg"
    squares.save(
        file,
        format="MPO",
        save_all=True,
        append_images=[Image.new("L", (16, 12), 200)],
        quality=98,
        subsampling=0,
        xmp=b'<x xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"/>',
    )
    photo = read(file)
    assert photo.facts.has_gain_map
    assert np.array_equal(photo.pixels, base)


def test_a_jpeg_with_a_map_by_iso_21496_is_noted(squares, save, read):
    file = save(squares, "jpeg")
    data = file.read_bytes()
    mark = b"urn:iso:std:iso:ts:21496:-1\0" + bytes(4)
    segment = b"\xff\xe2" + (2 + len(mark)).to_bytes(2, "big") + mark
    plain = read(file)
    file.write_bytes(data[:20] + segment + data[20:])
    photo = read(file)
    assert photo.facts.has_gain_map
    assert np.array_equal(photo.pixels, plain.pixels)


def test_an_mpo_with_a_second_picture_gives_the_first(tmp_path, read):
    file = tmp_path / "two.jpg"
    Image.new("RGB", (16, 16), "white").save(
        file, format="MPO", save_all=True, append_images=[Image.new("RGB", (8, 8), "black")]
    )
    photo = read(file)
    assert (photo.facts.format, photo.pixels.shape) == ("jpeg", (16, 16, 3))
    assert photo.pixels.min() == 255


@pytest.mark.parametrize(("flags", "depth"), [(0x0C, 8), (0x4C, 10), (0x6C, 12)])
def test_avif_depth_stands_in_its_av1_configuration(squares, flags, depth):
    assert FORMATS["avif"].bit_depth(squares, b"....av1C\x81\x04" + bytes((flags, 0))) == depth
