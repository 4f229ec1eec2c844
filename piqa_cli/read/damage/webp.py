"""Damage of WebP files: a cut container, holes and wrong bytes in the first frame's coded data."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from PIL import Image

from piqa_cli.formats import FORMATS
from piqa_cli.read.damage.tail import tails_used
from piqa_cli.read.damage.zeros import has_zeros, hole

_HEADER_BYTES = 12
_FRAME_HEADER_BYTES = 16  # of an animation's frame, before its chunks
_CODED = (b"VP8 ", b"VP8L")
_HOLE_BYTES = 64
_LOSSY_HEADER_BYTES = 10  # before the first partition (RFC 6386, 9.1)


def damage(data: bytes, picture: Image.Image | None) -> str | None:
    """Names what is missing, empty or wrong of the first frame; see `tails_used`."""
    (size,) = struct.unpack_from("<I", data, 4)
    if size + 8 > len(data):
        return f"the file ends after {len(data)} of {size + 8} bytes"
    if not _chunks_fit(data, size + 8):
        return "the lengths of its chunks don't fit the file's"
    for kind, start, end in _chunks(data, _HEADER_BYTES, size + 8):
        if kind in _CODED:
            return _fault(data, kind, start, end, picture)
    return None


def _chunks_fit(data: bytes, end: int) -> bool:
    """True where lengths lead from chunk to chunk to the end; a last filling byte may lack."""
    place = _HEADER_BYTES
    while place + 8 <= end:
        (size,) = struct.unpack_from("<I", data, place + 4)
        place += 8 + size + size % 2
    return place in (end, end + 1)


def _fault(
    data: bytes, kind: bytes, start: int, end: int, picture: Image.Image | None
) -> str | None:
    """Names what is wrong; flat areas are coded as runs of zeros, too: these alone don't count."""
    parts = [(start, end)]
    if kind == b"VP8 ":
        first = start + _LOSSY_HEADER_BYTES
        parts.append((first, first + (int.from_bytes(data[start : start + 3], "little") >> 5)))
    if all(tails_used(data, FORMATS["webp"], [part], picture) for part in parts):
        return None
    if has_zeros(data[start:end], _HOLE_BYTES):
        return hole("the coded picture")
    return "bytes of the coded picture are wrong: its last ones aren't needed"


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
