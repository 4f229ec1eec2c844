"""Damage that decoders pass over: they fill what is missing with grey, green or black."""

from __future__ import annotations

import struct

from PIL import Image

from piqa_cli.read.damage import avif, heic, jpeg, png, raw, tiff, webp

_CHECKS = {
    "jpeg": jpeg.damage,
    "png": png.damage,
    "tiff": tiff.damage,
    "heic": heic.damage,
    "raw": raw.damage,
}
# These compare the pixels with those of a changed copy.
_PIXEL_CHECKS = {"webp": webp.damage, "avif": avif.damage}


def damage_of(name: str, data: bytes, picture: Image.Image | None = None) -> str | None:
    """Fault of the coded pixels of the main picture, as far as their bytes tell; None: none.

    Not judged are headers too broken to be read, which decoders refuse themselves, and formats
    without a check.

    Args:
        name: of the format, see `FORMATS`.
        data: the whole file.
        picture: the file, opened; some checks load its pixels. None: it can't be opened.

    Returns:
        One clause for tables and pages; None: nothing found.
    """
    try:
        if name in _PIXEL_CHECKS:
            return _PIXEL_CHECKS[name](data, picture)
        return _CHECKS[name](data) if name in _CHECKS else None
    except (struct.error, IndexError):
        return None
