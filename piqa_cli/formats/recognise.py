"""Recognises a format by a file's first bytes: content decides, never the suffix."""

from __future__ import annotations

from piqa_cli.formats.avif import AVIF
from piqa_cli.formats.heic import HEIC
from piqa_cli.formats.jpeg import JPEG
from piqa_cli.formats.jxl import JXL
from piqa_cli.formats.png import PNG
from piqa_cli.formats.raw import RAW
from piqa_cli.formats.record import PictureFormat
from piqa_cli.formats.tiff import TIFF
from piqa_cli.formats.webp import WEBP
from piqa_cli.remote import AnyPath

FORMATS: dict[str, PictureFormat] = {
    "jpeg": JPEG,
    "png": PNG,
    "tiff": TIFF,
    "webp": WEBP,
    "heic": HEIC,
    "avif": AVIF,
    "jxl": JXL,
    "raw": RAW,
}

SNIFF_BYTES = 64
RAW_SUFFIXES = frozenset(RAW.suffixes)
PICTURE_SUFFIXES = frozenset(s for kind in FORMATS.values() for s in kind.suffixes) - RAW_SUFFIXES
"""Of finished pictures; a RAW file is what one of them was made of."""

_OTHERS = {
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"8BPS": "Photoshop",
    b"%PDF": "PDF",
}


def sniff(header: bytes, suffix: str = "") -> str | None:
    """Names the format of a file from its first `SNIFF_BYTES` bytes.

    Most RAW files are TIFFs by their first bytes, so there the suffix settles it.

    Returns:
        A name in `FORMATS`; None: no picture known.
    """
    if suffix.lower() in RAW_SUFFIXES:
        return RAW.name
    return next((name for name, kind in FORMATS.items() if kind.matches(header)), None)


def sniff_file(file: AnyPath) -> str | None:
    """`sniff` on a file on disk.

    Raises:
        OSError: the file can't be opened.
    """
    with file.open("rb") as stream:
        return sniff(stream.read(SNIFF_BYTES), file.suffix)


def other_format(header: bytes) -> str | None:
    """The name of a known format that can't be scored; None: none is recognised."""
    return next((name for magic, name in _OTHERS.items() if header.startswith(magic)), None)
