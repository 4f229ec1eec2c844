"""Tags of a TIFF's pictures, read without decoding them (TIFF 6.0, BigTIFF)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
SUB_IFDS = 330
SAMPLE_FORMAT = 339
JPEG_TABLES = 347

# Letters of `struct` by field type: BYTE, SHORT, LONG, UNDEFINED, IFD, LONG8, IFD8.
_LETTERS = {1: "B", 3: "H", 4: "I", 7: "B", 13: "I", 16: "Q", 18: "Q"}
_MOST_DIRECTORIES = 64
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
        SUB_IFDS,
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
        layout, first = _layout(data)
        return _directory(data, layout, first)[0]
    except struct.error:
        return {}


def all_tags(data: bytes) -> Iterator[Tags]:
    """As `first_tags`, of every directory: the chain of the first one, and what lies in SubIFDs.

    Args:
        data: the whole file; ends where a directory can't be read.
    """
    try:
        layout, first = _layout(data)
        waiting, seen = [first], {0}
        while waiting and len(seen) <= _MOST_DIRECTORIES:
            if (start := waiting.pop(0)) in seen:
                continue
            seen.add(start)
            tags, following = _directory(data, layout, start)
            waiting += [*tags.get(SUB_IFDS, ()), following]
            yield tags
    except struct.error:
        return


@dataclass(frozen=True, slots=True)
class _Layout:
    """Lengths of a file's numbers: byte order, letters of counts and places, bytes of an entry."""

    order: str
    count: str
    pointer: str
    entry: int
    inline: int


def _layout(data: bytes) -> tuple[_Layout, int]:
    """Layout of a file, and where its first directory lies."""
    order = "<" if data[:2] == b"II" else ">"
    if struct.unpack_from(f"{order}H", data, 2)[0] == 43:  # BigTIFF
        return _Layout(order, "Q", "Q", 20, 8), struct.unpack_from(f"{order}Q", data, 8)[0]
    return _Layout(order, "H", "I", 12, 4), struct.unpack_from(f"{order}I", data, 4)[0]


def _directory(data: bytes, layout: _Layout, start: int) -> tuple[Tags, int]:
    """Tags of one directory, and where the next of its chain lies (0: nowhere)."""
    order, entry, inline = layout.order, layout.entry, layout.inline
    (count,) = struct.unpack_from(order + layout.count, data, start)
    first = start + struct.calcsize(order + layout.count)
    tags: dict[int, tuple[int, ...]] = {}
    for place in range(first, first + entry * min(count, _MOST_ENTRIES), entry):
        tag, kind = struct.unpack_from(f"{order}HH", data, place)
        if tag not in _KEPT or kind not in _LETTERS:
            continue
        (length,) = struct.unpack_from(order + layout.pointer, data, place + 4)
        values = f"{order}{length}{_LETTERS[kind]}"
        value = place + entry - inline
        if length > len(data):
            raise struct.error(f"tag {tag} holds {length} values")
        if struct.calcsize(values) > inline:
            (value,) = struct.unpack_from(order + layout.pointer, data, value)
        tags[tag] = struct.unpack_from(values, data, value)
    return tags, _following(data, layout, first + entry * count)


def _following(data: bytes, layout: _Layout, place: int) -> int:
    """Place of the next directory; 0 where the file ends before it says so."""
    try:
        return int(struct.unpack_from(layout.order + layout.pointer, data, place)[0])
    except struct.error:
        return 0
