"""Damage of PNG files: every chunk carries a checksum, which Pillow compares in part only."""

from __future__ import annotations

import struct
import zlib

_SIGNATURE_BYTES = 8
_FRAME_BYTES = 12  # length, type and checksum around the data
# Optional chunks that move pixels: transparency, colour profile, colour by code.
_MOVE_PIXELS = frozenset({b"tRNS", b"iCCP", b"cICP"})


def damage(data: bytes) -> str | None:
    """Names the first chunk that pixels depend on and that is cut or fails its checksum."""
    start = _SIGNATURE_BYTES
    view = memoryview(data)
    while start + _FRAME_BYTES <= len(data):
        length, kind = struct.unpack_from(">I4s", data, start)
        if not kind.isalpha():
            return "bytes are missing or wrong between two chunks"
        end = start + _FRAME_BYTES + length
        name = kind.decode("ascii")
        critical = kind[:1].isupper()
        if end > len(data):
            return f"the file ends within a chunk {name}"
        if critical or kind in _MOVE_PIXELS:
            (stored,) = struct.unpack_from(">I", data, end - 4)
            if zlib.crc32(view[start + 4 : end - 4]) != stored:
                return f"the checksum of a chunk {name} doesn't fit its data"
        if kind == b"IEND":
            return None
        start = end
    return "the file ends before its last chunk"
