"""AVIF (AV1 Image File Format): depth in the box av1C, colour codes in the box colr."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from piqa_cli.formats.iso_media import brands_of, has_tone_map
from piqa_cli.formats.record import ColorCodes, PictureFormat, with_pillow

if TYPE_CHECKING:
    from PIL import Image

_BRANDS = frozenset((b"avif", b"avis"))


def _decoder() -> str:
    from PIL import features

    return with_pillow(f"libavif {features.version('avif')}")


def _bit_depth(_image: Image.Image, data: bytes) -> int:
    """Bit depth by the AV1 configuration box: version, profile, then bits high and twelve."""
    start = data.find(b"av1C")
    if start < 0 or start + 6 >= len(data):
        return 8
    flags = data[start + 6]
    if not flags & 0x40:
        return 8
    return 12 if flags & 0x20 else 10


def _color_codes(_image: Image.Image, data: bytes) -> ColorCodes | None:
    start = data.find(b"colrnclx")  # the main picture's properties come first
    return None if start < 0 else struct.unpack_from(">HH", data, start + 8)


def _register() -> None:
    """Pictures are read one a process, so threads of the decoder only get in the way."""
    from PIL import AvifImagePlugin

    AvifImagePlugin.DEFAULT_MAX_THREADS = 1


AVIF = PictureFormat(
    name="avif",
    title="AVIF",
    suffixes=(".avif",),
    matches=lambda header: bool(brands_of(header) & _BRANDS),
    plugin="AVIF",
    codec="avif",
    decoder=_decoder,
    bit_depth=_bit_depth,
    color_codes=_color_codes,
    has_tone_map=has_tone_map,
    register=_register,
)
