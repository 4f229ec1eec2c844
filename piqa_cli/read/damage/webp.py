"""Damage of WebP files: a cut container, and holes in the coded data of the first frame."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from piqa_cli.read.damage.zeros import has_zeros, hole

_HEADER_BYTES = 12
_FRAME_HEADER_BYTES = 16  # of an animation's frame, before its chunks
_CODED = (b"VP8 ", b"VP8L")
_FEWEST_ZEROS = 1024
# Whole lossy pictures with large flat parts were found to have one zero in a row per 6,000 pixels.
_PIXELS_PER_ZERO = 2000


def damage(data: bytes) -> str | None:
    """Names what is missing or empty of the first frame."""
    (size,) = struct.unpack_from("<I", data, 4)
    if size + 8 > len(data):
        return f"the file ends after {len(data)} of {size + 8} bytes"
    for kind, start, end in _chunks(data, _HEADER_BYTES, size + 8):
        if kind in _CODED:
            longest = max(_FEWEST_ZEROS, _pixels(kind, data, start) // _PIXELS_PER_ZERO)
            return hole("the coded picture") if has_zeros(data[start:end], longest) else None
    return None


def _chunks(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, start and end of each chunk's data; those of frames in place of the frames."""
    while start + 8 <= end:
        kind, size = struct.unpack_from("<4sI", data, start)
        first, stop = start + 8, min(start + 8 + size, end)
        if kind == b"ANMF":
            yield from _chunks(data, first + _FRAME_HEADER_BYTES, stop)
        else:
            yield kind, first, stop
        start = first + size + size % 2


def _pixels(kind: bytes, data: bytes, start: int) -> int:
    """Number of pixels of a coded frame (RFC 6386, 9.1; WebP lossless specification, 4)."""
    if start + 10 > len(data):
        return 0
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, start + 1)
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    width, height = struct.unpack_from("<HH", data, start + 6)
    return (width & 0x3FFF) * (height & 0x3FFF)
