"""PNG (W3C, third edition): depth in IHDR, colour codes in the chunk cICP."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from piqa_cli.formats.record import ColorCodes, PictureFormat, with_pillow

if TYPE_CHECKING:
    from PIL import Image

_DEPTH_OFFSET = 24  # in IHDR, which stands first
_FIRST_CHUNK = 8


def _bit_depth(_image: Image.Image, data: bytes) -> int:
    return data[_DEPTH_OFFSET]


def _color_codes(_image: Image.Image, data: bytes) -> ColorCodes | None:
    """From cICP, which stands before the pixels, maybe behind a large profile or EXIF."""
    start = _FIRST_CHUNK
    while start + 12 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, start)
        if kind == b"cICP" and size == 4:
            return struct.unpack_from(">BB", data, start + 8)
        if kind == b"IDAT":
            break
        start += 12 + size
    return None


PNG = PictureFormat(
    name="png",
    title="PNG",
    suffixes=(".png",),
    matches=lambda header: header.startswith(b"\x89PNG\r\n\x1a\n"),
    plugin="PNG",
    codec="zlib",
    decoder=with_pillow,
    bit_depth=_bit_depth,
    color_codes=_color_codes,
)
