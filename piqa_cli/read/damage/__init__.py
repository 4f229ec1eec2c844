"""Damage that decoders pass over: they fill what is missing with grey, green or black."""

from __future__ import annotations

import struct

from piqa_cli.read.damage import avif, heic, jpeg, png, raw, tiff, webp

_CHECKS = {
    "jpeg": jpeg.damage,
    "png": png.damage,
    "tiff": tiff.damage,
    "webp": webp.damage,
    "heic": heic.damage,
    "avif": avif.damage,
    "raw": raw.damage,
}


def damage_of(name: str, data: bytes) -> str | None:
    """Fault of the coded pixels of the main picture, as far as their bytes tell; None: none.

    Not judged are headers too broken to be read, which decoders refuse themselves, and formats
    without a check.

    Args:
        name: of the format, see `FORMATS`.
        data: the whole file.

    Returns:
        One clause for tables and pages; None: nothing found.
    """
    check = _CHECKS.get(name)
    if check is None:
        return None
    try:
        return check(data)
    except (struct.error, IndexError):
        return None
