"""JPEG: always 8 bits here (Pillow decodes no other), colour by ICC profile only."""

from __future__ import annotations

from piqa_cli.formats.jpeg_segments import APP14, FRAMES, header_segments
from piqa_cli.formats.record import PictureFormat, with_pillow


def _decoder() -> str:
    from PIL import features

    turbo = features.version("libjpeg_turbo")
    return with_pillow(f"libjpeg-turbo {turbo}" if turbo else f"libjpeg {features.version('jpg')}")


def _refusal(data: bytes) -> str | None:
    """Names CMYK of unknown sign (Adobe's is inverted, and Pillow takes all for it) and depths."""
    segments = {segment.marker: segment.body for segment in header_segments(data)}
    frame = next((body for marker, body in segments.items() if marker in FRAMES), b"")
    if len(frame) < 6:
        return None
    if frame[0] != 8:
        return f"a JPEG with {frame[0]}-bit samples: export it with 8 bits"
    if frame[5] == 4 and not segments.get(APP14, b"").startswith(b"Adobe"):
        return "a CMYK JPEG without Adobe's marker: export it as RGB"
    return None


JPEG = PictureFormat(
    name="jpeg",
    title="JPEG",
    suffixes=(".jpg", ".jpeg", ".jpe", ".jfif"),
    matches=lambda header: header.startswith(b"\xff\xd8\xff"),
    plugin="JPEG",
    codec="jpg",
    decoder=_decoder,
    refusal=_refusal,
)
