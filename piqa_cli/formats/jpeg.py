"""JPEG: always 8 bits here (Pillow decodes no other), colour by ICC profile only."""

from __future__ import annotations

from piqa_cli.formats.record import PictureFormat, with_pillow


def _decoder() -> str:
    from PIL import features

    turbo = features.version("libjpeg_turbo")
    return with_pillow(f"libjpeg-turbo {turbo}" if turbo else f"libjpeg {features.version('jpg')}")


JPEG = PictureFormat(
    name="jpeg",
    title="JPEG",
    suffixes=(".jpg", ".jpeg", ".jpe", ".jfif"),
    matches=lambda header: header.startswith(b"\xff\xd8\xff"),
    plugin="JPEG",
    codec="jpg",
    decoder=_decoder,
)
