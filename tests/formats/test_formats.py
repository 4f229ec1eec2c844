"""One record a picture format: what recognises it, and that reading depends on nothing else."""

from __future__ import annotations

import doctest
import subprocess
import sys
from dataclasses import replace

import pytest
from PIL import Image

from piqa_cli.formats import FORMATS, PICTURE_SUFFIXES, iso_media, sniff
from piqa_cli.formats.png import PNG
from piqa_cli.read.decode import read_photo

HEADERS = {
    "jpeg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n",
    "tiff": b"II*\0",
    "webp": b"RIFF\x10\0\0\0WEBPVP8 ",
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "avif": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
}


@pytest.mark.parametrize("name", HEADERS)
def test_each_format_is_recognised_by_its_own_record_alone(name):
    assert [n for n, kind in FORMATS.items() if kind.matches(HEADERS[name])] == [name]
    assert sniff(HEADERS[name], ".txt") == FORMATS[name].name == name


@pytest.mark.parametrize(
    ("brands", "name"),
    [
        (b"mif1\0\0\0\0mif1avif", "avif"),  # the common brand first: AVIF all the same
        (b"mif1\0\0\0\0mif1heic", "heic"),
        (b"isom\0\0\0\0isomiso2", None),
    ],
)
def test_brands_of_iso_media_files(brands, name):
    assert sniff(b"\0\0\0\x18ftyp" + brands) == name


def test_examples():
    result = doctest.testmod(iso_media)
    assert (result.failed, result.attempted) == (0, 1)


def test_raw_files_are_told_by_their_suffix():
    assert sniff(HEADERS["tiff"], ".DNG") == "raw"


def test_no_two_formats_share_a_suffix():
    suffixes = [suffix for kind in FORMATS.values() for suffix in kind.suffixes]
    assert len(suffixes) == len(PICTURE_SUFFIXES) == 12


def test_a_format_is_added_by_one_record(tmp_path, monkeypatch):
    ppm = replace(
        PNG,
        name="ppm",
        title="PPM",
        matches=lambda header: header.startswith(b"P6"),
        plugin="PPM",
        bit_depth=lambda _image, _data: 8,
        color_codes=lambda _image, _data: None,
    )
    monkeypatch.setitem(FORMATS, "ppm", ppm)
    Image.new("RGB", (40, 30), "red").save(tmp_path / "a.ppm")
    photo = read_photo(tmp_path / "a.ppm", working_side_px=None)
    assert (photo.facts.format, photo.pixels.shape) == ("ppm", (30, 40, 3))


def test_recognising_formats_loads_no_picture_library():
    code = "import sys, piqa_cli.formats; sys.exit(bool({'PIL', 'pillow_heif'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
