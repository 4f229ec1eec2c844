"""PNG (W3C, third edition): depth in IHDR, colour codes in the chunk cICP."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from piqa_cli.formats.record import ColorCodes, PictureFormat, with_pillow

if TYPE_CHECKING:
    from PIL import Image

_DEPTH_OFFSET = 24  # in IHDR, which stands first
_SEARCH_BYTES = 4096  # cICP stands before the pixels


def _bit_depth(_image: Image.Image, data: bytes) -> int:
    return data[_DEPTH_OFFSET]


def _color_codes(_image: Image.Image, data: bytes) -> ColorCodes | None:
    start = data.find(b"\0\0\0\4cICP", 0, _SEARCH_BYTES)
    return None if start < 0 else struct.unpack_from(">BB", data, start + 8)


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
