"""Which picture format a file's first bytes announce: content decides, never the suffix."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

PictureFormat = Literal["jpeg", "png", "tiff", "webp", "heic", "avif"]
Kind = PictureFormat | Literal["raw"]

SNIFF_BYTES = 64
PICTURE_SUFFIXES = frozenset(
    ".jpg .jpeg .jpe .jfif .png .tif .tiff .webp .heic .heif .hif .avif".split()
)
RAW_SUFFIXES = frozenset(
    ".dng .arw .cr2 .cr3 .nef .nrw .orf .raf .rw2 .pef .srw .sr2 .3fr .iiq .x3f .raw .gpr".split()
)
_HEIC_BRANDS = frozenset((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"))
_AVIF_BRANDS = frozenset((b"avif", b"avis"))


_OTHERS = {
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"8BPS": "Photoshop",
    b"%PDF": "PDF",
}


def other_format(header: bytes) -> str | None:
    """The name of a known format that can't be scored; None: none is recognised."""
    return next((name for magic, name in _OTHERS.items() if header.startswith(magic)), None)


def sniff(header: bytes, suffix: str = "") -> Kind | None:
    """Names the format of a file from its first `SNIFF_BYTES` bytes; None: no picture known.

    RAW files are TIFFs by their first bytes, so there the suffix settles it.
    """
    if suffix.lower() in RAW_SUFFIXES:
        return "raw"
    if header.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if header.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if header[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tiff"
    if header[:4] == b"RIFF" and header[8:12] == b"WEBP":
        return "webp"
    if header[4:8] == b"ftyp":
        return _iso_format(header)
    return None


def _iso_format(header: bytes) -> PictureFormat | None:
    """HEIC or AVIF by major brand, else by the compatible brands within the header."""
    brands = [header[8:12], *(header[i : i + 4] for i in range(16, len(header) - 3, 4))]
    if any(brand in _AVIF_BRANDS for brand in brands):
        return "avif"
    if any(brand in _HEIC_BRANDS for brand in brands):
        return "heic"
    return None


def sniff_file(file: Path) -> Kind | None:
    """`sniff` on a file on disk.

    Raises:
        OSError: the file can't be opened.
    """
    with file.open("rb") as stream:
        return sniff(stream.read(SNIFF_BYTES), file.suffix)
