"""Tags of a TIFF's first picture, read without decoding it (TIFF 6.0, BigTIFF)."""

from __future__ import annotations

import struct
from collections.abc import Mapping

IMAGE_WIDTH = 256
IMAGE_LENGTH = 257
BITS_PER_SAMPLE = 258
COMPRESSION = 259
PHOTOMETRIC = 262
STRIP_OFFSETS = 273
SAMPLES_PER_PIXEL = 277
ROWS_PER_STRIP = 278
STRIP_BYTE_COUNTS = 279
PLANAR_CONFIGURATION = 284
TILE_WIDTH = 322
TILE_LENGTH = 323
TILE_OFFSETS = 324
TILE_BYTE_COUNTS = 325
SAMPLE_FORMAT = 339
JPEG_TABLES = 347

# Letters of `struct` by field type: BYTE, SHORT, LONG, UNDEFINED, LONG8, IFD8.
_LETTERS = {1: "B", 3: "H", 4: "I", 7: "B", 16: "Q", 18: "Q"}
_MOST_ENTRIES = 4096
_KEPT = frozenset(
    {
        IMAGE_WIDTH,
        IMAGE_LENGTH,
        BITS_PER_SAMPLE,
        COMPRESSION,
        PHOTOMETRIC,
        STRIP_OFFSETS,
        SAMPLES_PER_PIXEL,
        ROWS_PER_STRIP,
        STRIP_BYTE_COUNTS,
        PLANAR_CONFIGURATION,
        TILE_WIDTH,
        TILE_LENGTH,
        TILE_OFFSETS,
        TILE_BYTE_COUNTS,
        SAMPLE_FORMAT,
        JPEG_TABLES,
    }
)

Tags = Mapping[int, tuple[int, ...]]


def first_tags(data: bytes) -> Tags:
    """The whole numbers of the first picture's tags that say how its pixels are stored.

    Args:
        data: the whole file.

    Returns:
        Values by tag; nothing where the directory can't be read: the decoder says why.
    """
    try:
        return _read(data)
    except struct.error:
        return {}


def _read(data: bytes) -> Tags:
    order = "<" if data[:2] == b"II" else ">"
    if struct.unpack_from(f"{order}H", data, 2)[0] == 43:  # BigTIFF
        start, count_letter, entry, inline = struct.unpack_from(f"{order}Q", data, 8)[0], "Q", 20, 8
    else:
        start, count_letter, entry, inline = struct.unpack_from(f"{order}I", data, 4)[0], "H", 12, 4
    (count,) = struct.unpack_from(order + count_letter, data, start)
    first = start + struct.calcsize(f"{order}{count_letter}")
    tags: dict[int, tuple[int, ...]] = {}
    for place in range(first, first + entry * min(count, _MOST_ENTRIES), entry):
        tag, kind = struct.unpack_from(f"{order}HH", data, place)
        if tag not in _KEPT or kind not in _LETTERS:
            continue
        pointer = "Q" if inline == 8 else "I"
        (length,) = struct.unpack_from(order + pointer, data, place + 4)
        layout = f"{order}{length}{_LETTERS[kind]}"
        value = place + entry - inline
        if length > len(data):
            raise struct.error(f"tag {tag} holds {length} values")
        if struct.calcsize(layout) > inline:
            (value,) = struct.unpack_from(order + pointer, data, value)
        tags[tag] = struct.unpack_from(layout, data, value)
    return tags
