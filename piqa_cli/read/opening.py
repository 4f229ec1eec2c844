"""Opens pictures by Pillow without changing its limits for the rest of the process."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageFile

from piqa_cli.formats import FORMATS, PictureFormat

_ONE_AT_A_TIME = threading.Lock()

for _kind in FORMATS.values():
    _kind.register()


def open_picture(data: bytes, kind: PictureFormat) -> Image.Image:
    """Opens a picture of a known format; its pixels aren't decoded yet.

    Pillow's own limit only warns up to twice its value and then raises while opening, before the
    size is known. So it is lifted meanwhile, and the caller refuses by one limit, with the
    figures, before a pixel is decoded.

    Raises:
        Exception: whatever Pillow or its plugin raises on damaged files.
    """
    with _ONE_AT_A_TIME:
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            if kind.open is not None:
                return kind.open(io.BytesIO(data))
            return Image.open(io.BytesIO(data), formats=[kind.plugin])
        finally:
            Image.MAX_IMAGE_PIXELS = limit


@contextmanager
def missing_pixels_allowed() -> Iterator[None]:
    """Lets Pillow load what is left of a damaged picture, within this block of this process."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
