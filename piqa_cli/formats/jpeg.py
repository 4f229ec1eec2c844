"""JPEG: always 8 bits here (Pillow decodes no other), colour by ICC profile only.

Pixels are decoded by simplejpeg: libjpeg-turbo as in Pillow, and equal to the bit, but straight
into an array, where Pillow would have to copy them.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from piqa_cli.formats.jpeg_segments import APP14, FRAMES, header_segments
from piqa_cli.formats.record import PictureFormat, with_pillow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

_SPACES = {"RGB": "RGB", "L": "GRAY"}  # by Pillow's mode; Pillow alone decodes CMYK as it should be


def _decoder() -> str:
    from PIL import features

    turbo = features.version("libjpeg_turbo")
    library = f"libjpeg-turbo {turbo}" if turbo else f"libjpeg {features.version('jpg')}"
    return f"simplejpeg {version('simplejpeg')}, {with_pillow(library)}"


def _pixels(image: Image.Image, data: bytes) -> NDArray[np.uint8] | None:
    """Pixels of a picture without any fault; else None: Pillow tells faults from oddities."""
    import simplejpeg

    space = _SPACES.get(image.mode)
    if space is None:
        return None
    try:
        pixels: NDArray[np.uint8] = simplejpeg.decode_jpeg(data, colorspace=space, strict=True)
    except ValueError:
        return None
    if pixels.shape[1::-1] != image.size:
        return None
    return pixels if space == "RGB" else pixels[..., 0]


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
    pixels=_pixels,
    refusal=_refusal,
)
