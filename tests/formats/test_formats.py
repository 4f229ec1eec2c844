"""One record a picture format: what recognises it, and that reading depends on nothing else."""

from __future__ import annotations

import doctest
import subprocess
import sys
from dataclasses import replace

import pytest
from PIL import Image

from piqa_cli.formats import FORMATS, PICTURE_SUFFIXES, RAW_SUFFIXES, iso_media, sniff
from piqa_cli.formats.png import PNG
from piqa_cli.formats.record import Extra
from piqa_cli.read.decode import read_photo

HEADERS = {
    "jpeg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n",
    "tiff": b"II*\0",
    "webp": b"RIFF\x10\0\0\0WEBPVP8 ",
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "avif": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
    "jxl": b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ",
    "raw": b"FUJIFILMCCD-RAW 0201FF383501",
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
        (b"crx \0\0\0\1crx isom", "raw"),  # CR3
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
    assert len(suffixes) == len(set(suffixes))
    assert len(PICTURE_SUFFIXES) == 13
    assert set(suffixes) == PICTURE_SUFFIXES | RAW_SUFFIXES


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


def test_an_extra_that_cant_be_imported_is_not_installed():
    def missing():
        raise ImportError("libgomp.so.1: cannot open shared object file")

    extra = Extra("raw", missing)
    assert not extra.is_installed
    assert not replace(PNG, extra=extra).is_readable
    assert extra.command == "pip install 'piqa-cli[raw]'"


def test_reading_other_formats_loads_no_library_of_an_extra(tmp_path):
    Image.new("RGB", (40, 30), "red").save(tmp_path / "a.png")
    code = (
        "import sys; from pathlib import Path; from piqa_cli.read.decode import read_photo; "
        "read_photo(Path(sys.argv[1]), working_side_px=None); "
        "sys.exit(bool({'rawpy', 'pillow_jxl'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.png")]
    assert subprocess.run(command, check=False).returncode == 0


def test_recognising_formats_loads_no_picture_library():
    libraries = "{'PIL', 'pillow_heif', 'rawpy', 'pillow_jxl'}"
    code = f"import sys, piqa_cli.formats; sys.exit(bool({libraries} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
