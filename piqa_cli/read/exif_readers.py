"""The two EXIF readers, each under guard, as plain `{(ifd, tag): value}` tables.

exifread comes first. It raises on hostile files, finds nothing in several modern ones, can take
seconds on corrupt ones and keeps state in class attributes; so it runs under a lock, on a stream
with a reading budget, and Pillow fills what it left out.
"""

from __future__ import annotations

import io
import logging
import threading
from typing import Any, Literal

import exifread
from PIL import Image

Ifd = Literal["image", "exif", "interop"]
Tags = dict[tuple[Ifd, int], Any]

EXIF_IFD_TAG = 0x8769
_INTEROP_IFD_TAG = 0xA005
_ORIENTATION_TAG = 0x0112
_MAX_READS = 50_000  # a rich file needs under 2,000
_MAX_READ_BYTES = 32 << 20
_EXIFREAD_LOCK = threading.Lock()
_IFDS: dict[str, Ifd] = {"Image": "image", "EXIF": "exif", "Interoperability": "interop"}

# Else it writes to stderr, by itself or through whatever handler a network library has set up.
logging.getLogger("exifread").addHandler(logging.NullHandler())
logging.getLogger("exifread").propagate = False


class _Budget(io.BytesIO):
    """A file in memory that stops a reader gone astray."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._reads_left = _MAX_READS
        self._bytes_left = _MAX_READ_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self._reads_left -= 1
        self._bytes_left -= len(piece)
        if self._reads_left < 0 or self._bytes_left < 0:
            raise TimeoutError("reading budget spent")
        return piece


def exifread_tags(data: bytes) -> Tags:
    """Reads EXIF of a file's bytes by exifread. Raises whatever exifread raises."""
    with _EXIFREAD_LOCK:
        found = exifread.process_file(
            _Budget(data), details=False, strict=False, extract_thumbnail=False
        )
    tags: Tags = {}
    for name, entry in found.items():
        ifd = _IFDS.get(name.split(" ", 1)[0])
        if ifd and hasattr(entry, "values"):
            tags.setdefault((ifd, entry.tag), entry.values)
    return tags


def pillow_tags(image: Image.Image) -> Tags:
    """Reads EXIF of an opened picture, not yet loaded, by Pillow. Raises whatever Pillow raises."""
    exif = image.getexif()
    sub_ifd = exif.get_ifd(EXIF_IFD_TAG)
    tags: Tags = {("image", tag): _bytes_again(value) for tag, value in exif.items()}
    tags.update({("exif", tag): _bytes_again(value) for tag, value in sub_ifd.items()})
    interop = exif.get_ifd(_INTEROP_IFD_TAG)
    tags.update({("interop", tag): _bytes_again(value) for tag, value in interop.items()})
    if stored := _stored_orientation(image):
        tags["image", _ORIENTATION_TAG] = stored
    return tags


def _bytes_again(value: Any) -> Any:
    """Strings as they stand in the file: Pillow takes all of them for Latin-1."""
    return value.encode("latin-1", "replace") if isinstance(value, str) else value


def _stored_orientation(image: Image.Image) -> int | None:
    """The tag as stored, where the plugin hides it because it turns the picture itself."""
    tiff_tags = getattr(image, "tag_v2", {})
    return tiff_tags.get(_ORIENTATION_TAG) or image.info.get("original_orientation")
