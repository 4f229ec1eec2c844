"""Damage of RAW files: sensor values that lie beyond the end of the file.

LibRaw reports an end that comes too early while it decodes, but not the last bytes, nor all wrong
ones.
"""

from __future__ import annotations

import struct

from piqa_cli.formats import tiff_tags as tags
from piqa_cli.formats.iso_items import boxes
from piqa_cli.formats.tiff_tags import all_tags

_SENSOR = ((32803,), (34892,))  # PhotometricInterpretation: colour filter array, linear
_RAF = b"FUJIFILMCCD-RAW"
_RAF_PLACE = 100  # of the sensor values' offset and length
_TIFFS = (b"II*\0", b"MM\0*")


def damage(data: bytes) -> str | None:
    """Names what is cut off, in TIFF's kin (DNG, NEF, ARW), CR3 and RAF; others aren't judged."""
    if data.startswith(_TIFFS):
        return _of_tiff(data)
    if data.startswith(_RAF):
        offset, length = struct.unpack_from(">II", data, _RAF_PLACE)
        cut = offset + length > len(data)
    else:
        cut = data[4:8] == b"ftyp" and any(
            end > len(data) for _, _, end in boxes(data, 0, len(data))
        )
    return "the file ends within the sensor's values" if cut else None


def _of_tiff(data: bytes) -> str | None:
    for stored in all_tags(data):
        if stored.get(tags.PHOTOMETRIC) not in _SENSOR:
            continue
        tiled = tags.TILE_OFFSETS in stored
        word = "tile" if tiled else "strip"
        offsets = stored.get(tags.TILE_OFFSETS if tiled else tags.STRIP_OFFSETS, ())
        lengths = stored.get(tags.TILE_BYTE_COUNTS if tiled else tags.STRIP_BYTE_COUNTS, ())
        ends = [offset + size for offset, size in zip(offsets, lengths, strict=False)]
        for number, end in enumerate(ends, 1):
            if end > len(data):
                return (
                    f"the sensor's {word} {number} of {len(ends)} lies beyond the end of the file"
                )
    return None
