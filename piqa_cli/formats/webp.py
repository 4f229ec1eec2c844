"""WebP: always 8 bits, colour by ICC profile only."""

from __future__ import annotations

from piqa_cli.formats.record import PARTIAL_FRAME, PictureFormat, with_pillow

_EXTENDED_END = 30  # of the chunk VP8X, which stands first
_ANIMATED = 0x02


def _decoder() -> str:
    from PIL import features

    return with_pillow(f"libwebp {features.version('webp')}")


def _refusal(data: bytes) -> str | None:
    """Names an animation whose first frame is smaller than its canvas: Pillow leaves black."""
    first = data.find(b"ANMF", _EXTENDED_END)
    if data[12:16] != b"VP8X" or not data[20] & _ANIMATED or first < 0:
        return None
    canvas, frame = data[24:30], data[first + 14 : first + 20]  # widths and heights minus 1
    return None if canvas == frame else PARTIAL_FRAME


WEBP = PictureFormat(
    name="webp",
    title="WebP",
    suffixes=(".webp",),
    matches=lambda header: header[:4] == b"RIFF" and header[8:12] == b"WEBP",
    plugin="WEBP",
    codec="webp",
    decoder=_decoder,
    refusal=_refusal,
)
