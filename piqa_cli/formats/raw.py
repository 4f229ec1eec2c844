"""RAW of phones and cameras by LibRaw: one fixed rendering, never the embedded preview.

`piqa_cli/formats/raw_image.py` renders, and says how.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

from piqa_cli.formats.iso_media import brands_of
from piqa_cli.formats.record import Extra, PictureFormat, with_pillow

if TYPE_CHECKING:
    from types import ModuleType

    from PIL import Image

RENDERING = "rendering raw-1"
"""Version of the rendering; part of fingerprints: change it with anything in `raw_image`."""

# RAF; ORF; RW2. Others are TIFFs by their first bytes, and are told by their suffix.
_MAGICS = (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0")
_SUFFIXES = tuple(
    ".dng .arw .cr2 .cr3 .nef .nrw .orf .raf .rw2 .pef .srw .sr2 .3fr .iiq .x3f .raw .gpr".split()
)
_THREADS = "OMP_NUM_THREADS"


def load_rawpy() -> ModuleType:
    """Imports rawpy, whose LibRaw then uses one thread.

    Files are read one a process, so more threads only get in the way: the same 12 megapixels take
    a third more processor time. LibRaw's OpenMP reads the variable once, when it is loaded.
    """
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        import rawpy
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before
    return rawpy


def _matches(header: bytes) -> bool:
    return header.startswith(_MAGICS) or b"crx " in brands_of(header)  # crx: CR3


def _decoder() -> str:
    rawpy = load_rawpy()
    libraw = ".".join(map(str, rawpy.libraw_version))
    return f"rawpy {rawpy.__version__}, libraw {libraw}, {RENDERING}, {with_pillow()}"


def _bit_depth(image: Image.Image, _data: bytes) -> int:
    return int(image.info["bit_depth"])


def _open(stream: BinaryIO) -> Image.Image:
    from piqa_cli.formats.raw_image import RawImage

    return RawImage(stream)


RAW = PictureFormat(
    name="raw",
    title="RAW",
    suffixes=_SUFFIXES,
    matches=_matches,
    plugin="RAW",
    decoder=_decoder,
    bit_depth=_bit_depth,
    open=_open,
    extra=Extra("raw", load_rawpy),
    is_rendered=True,
)
