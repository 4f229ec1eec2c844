"""JPEG XL (ISO/IEC 18181) by libjxl: depth in its header, colour by the profile of its pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from piqa_cli.formats.record import Extra, PictureFormat, with_pillow

if TYPE_CHECKING:
    from types import ModuleType

    from PIL import Image

    from piqa_cli.formats.jxl_header import JxlHeader

_CODESTREAM = b"\xff\x0a"
_CONTAINER = b"\0\0\0\x0cJXL \r\n\x87\n"


def load_plugin() -> ModuleType:
    """Imports the plugin, which makes itself known to Pillow."""
    import pillow_jxl

    return pillow_jxl


def _decoder() -> str:
    from importlib import metadata

    return f"pillow-jxl-plugin {metadata.version('pillow-jxl-plugin')}, {with_pillow()}"


def _header(data: bytes) -> JxlHeader | None:
    from piqa_cli.formats.jxl_header import header_of  # `--help` imports this module, too

    return header_of(data)


def _bit_depth(image: Image.Image, data: bytes) -> int:
    """Bits by the header; 16 where deeper greys were decoded to the full range of 16 bits."""
    if image.mode == "I;16":
        return 16
    header = _header(data)
    return 8 if header is None else header.bit_depth


def _size(data: bytes) -> tuple[int, int] | None:
    header = _header(data)
    return None if header is None else (header.width_px, header.height_px)


def _refusal(data: bytes) -> str | None:
    """Names samples that the plugin cuts off at white, and animations."""
    header = _header(data)
    if header is None:
        return None
    if header.is_animated:
        return "an animation: export one frame of it"
    if header.is_float:
        return "a JPEG XL with floating-point samples: export it with 8 or 16 bits"
    return None


def _open(stream: BinaryIO) -> Image.Image:
    from piqa_cli.formats.jxl_image import JxlImage

    return JxlImage(stream)


JXL = PictureFormat(
    name="jxl",
    title="JPEG XL",
    suffixes=(".jxl",),
    matches=lambda header: header.startswith((_CODESTREAM, _CONTAINER)),
    plugin="JXL",
    decoder=_decoder,
    bit_depth=_bit_depth,
    size=_size,
    refusal=_refusal,
    open=_open,
    extra=Extra("jxl", load_plugin),
)
