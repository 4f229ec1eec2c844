"""WebP: always 8 bits, colour by ICC profile only."""

from __future__ import annotations

from piqa_cli.formats.record import PictureFormat, with_pillow


def _decoder() -> str:
    from PIL import features

    return with_pillow(f"libwebp {features.version('webp')}")


WEBP = PictureFormat(
    name="webp",
    title="WebP",
    suffixes=(".webp",),
    matches=lambda header: header[:4] == b"RIFF" and header[8:12] == b"WEBP",
    plugin="WEBP",
    codec="webp",
    decoder=_decoder,
)
