"""Recognises a format by a file's first bytes: content decides, never the suffix."""

from __future__ import annotations

from pathlib import Path

from piqa_cli.formats.avif import AVIF
from piqa_cli.formats.heic import HEIC
from piqa_cli.formats.jpeg import JPEG
from piqa_cli.formats.png import PNG
from piqa_cli.formats.record import PictureFormat
from piqa_cli.formats.tiff import TIFF
from piqa_cli.formats.webp import WEBP

FORMATS: dict[str, PictureFormat] = {
    "jpeg": JPEG,
    "png": PNG,
    "tiff": TIFF,
    "webp": WEBP,
    "heic": HEIC,
    "avif": AVIF,
}

SNIFF_BYTES = 64
PICTURE_SUFFIXES = frozenset(suffix for kind in FORMATS.values() for suffix in kind.suffixes)
RAW_SUFFIXES = frozenset(
    ".dng .arw .cr2 .cr3 .nef .nrw .orf .raf .rw2 .pef .srw .sr2 .3fr .iiq .x3f .raw .gpr".split()
)

_OTHERS = {
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"8BPS": "Photoshop",
    b"%PDF": "PDF",
}


def sniff(header: bytes, suffix: str = "") -> str | None:
    """Names the format of a file from its first `SNIFF_BYTES` bytes.

    RAW files are TIFFs by their first bytes, so there the suffix settles it.

    Returns:
        A name in `FORMATS`, or `raw`; None: no picture known.
    """
    if suffix.lower() in RAW_SUFFIXES:
        return "raw"
    return next((name for name, kind in FORMATS.items() if kind.matches(header)), None)


def sniff_file(file: Path) -> str | None:
    """`sniff` on a file on disk.

    Raises:
        OSError: the file can't be opened.
    """
    with file.open("rb") as stream:
        return sniff(stream.read(SNIFF_BYTES), file.suffix)


def other_format(header: bytes) -> str | None:
    """The name of a known format that can't be scored; None: none is recognised."""
    return next((name for magic, name in _OTHERS.items() if header.startswith(magic)), None)
