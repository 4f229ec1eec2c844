"""Damage of WebP files: a cut container, and holes in the coded data of the first frame."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from piqa_cli.formats import FORMATS
from piqa_cli.read.damage.zeros import hole
from piqa_cli.read.opening import open_picture

_HEADER_BYTES = 12
_FRAME_HEADER_BYTES = 16  # of an animation's frame, before its chunks
_CODED = (b"VP8 ", b"VP8L")
_ZEROS = re.compile(rb"\0{64}")
# Mixed bits: plain ones would often stand for the very colour that the zeros stand for.
_OTHER_BITS = bytes(17 * place * place + 91 * place + 165 & 255 for place in range(64))


def damage(data: bytes) -> str | None:
    """Names what is missing or empty of the first frame."""
    (size,) = struct.unpack_from("<I", data, 4)
    if size + 8 > len(data):
        return f"the file ends after {len(data)} of {size + 8} bytes"
    for kind, start, end in _chunks(data, _HEADER_BYTES, size + 8):
        if kind in _CODED:
            zeros = _ZEROS.search(data, start, end)
            return hole("the coded picture") if zeros and not _all_used(data, end) else None
    return None


def _all_used(data: bytes, end: int) -> bool:
    """True where the last coded bytes show in the picture.

    Flat areas are coded as long runs of zeros, too. But behind a hole the decoder reads other
    symbols than were written, and comes to the end of the picture with bytes left over.
    """
    start = end - len(_OTHER_BITS)
    tail = bytes(a ^ b for a, b in zip(data[start:end], _OTHER_BITS, strict=True))
    other = data[:start] + tail + data[end:]
    try:
        return _pixels(data) != _pixels(other)
    except Exception:  # what stands there was wanted, or Pillow will say what is wrong
        return True


def _pixels(data: bytes) -> bytes:
    with open_picture(data, FORMATS["webp"]) as picture:
        return picture.tobytes()


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
