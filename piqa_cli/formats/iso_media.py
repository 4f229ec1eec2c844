"""Common parts of HEIC and AVIF: the brands of their first box, and items that map tones."""

from __future__ import annotations

import re

_TONE_MAP_ITEM = re.compile(
    rb"infe(?:\x02.{7}|\x03.{9})tmap", re.DOTALL
)  # ISO 21496-1 in HEIC and AVIF


def brands_of(header: bytes) -> frozenset[bytes]:
    """Major brand of an ISO media file and the compatible ones within its first bytes.

    >>> sorted(brands_of(bytes(4) + b"ftypheic" + bytes(4) + b"mif1"))
    [b'heic', b'mif1']
    """
    if header[4:8] != b"ftyp":
        return frozenset()
    return frozenset((header[8:12], *(header[i : i + 4] for i in range(16, len(header) - 3, 4))))


def has_tone_map(data: bytes) -> bool:
    """Tells whether a file holds a derived item that maps tones: an HDR gain map."""
    return _TONE_MAP_ITEM.search(data) is not None
