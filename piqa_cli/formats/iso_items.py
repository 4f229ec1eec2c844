"""Items of HEIC and AVIF files: the main picture's parts and properties (ISO/IEC 14496-12)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_FIRST_BASE_ONLY = frozenset({"tmap"})  # its further inputs are gain maps
_MOST_PARTS = 10_000
_MOST_NAMED = 2  # times the size of the file: what tables may name of it


@dataclass(frozen=True, slots=True)
class Part:
    """A coded part of the main picture: all of it, or one tile.

    Attributes:
        kind: item type, e.g. `hvc1` or `av01`.
        extents: start and end of its bytes in the file, in their order.
        configuration: start of the content of its box `hvcC`; None: it has none.
    """

    kind: str
    extents: tuple[tuple[int, int], ...]
    configuration: int | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an item: type of its box, and place of the box's content in the file."""

    kind: bytes
    start: int
    end: int


@dataclass(slots=True)
class _Items:
    """Tables of the box `meta`, by item."""

    primary: int | None = None
    kinds: dict[int, str] = field(default_factory=dict)
    extents: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    inputs: dict[int, tuple[int, ...]] = field(default_factory=dict)
    properties: dict[int, tuple[Property, ...]] = field(default_factory=dict)


def main_parts(data: bytes) -> tuple[Part, ...]:
    """The coded parts that the main picture is made of, in the order of its grid.

    Args:
        data: the whole file.

    Returns:
        Nothing where the tables can't be read: the decoder says why.
    """
    items = _read(data)
    if items is None or items.primary is None:
        return ()
    found: list[Part] = []
    _collect(items, items.primary, found, depth=0)
    # Parts of a real picture don't overlap: a table that names one part thousands of times is a
    # trap.
    named = sum(stop - start for part in found for start, stop in part.extents)
    return tuple(found) if named <= _MOST_NAMED * len(data) else ()


def main_properties(data: bytes) -> tuple[Property, ...] | None:
    """Properties of the main picture, in the order in which they apply.

    Args:
        data: the whole file.

    Returns:
        None where the tables can't be read, or name no main picture.
    """
    items = _read(data)
    if items is None or items.primary is None:
        return None
    return items.properties.get(items.primary, ())


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, start and end of the content of each box between two offsets."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start + 8)
            head = 16
        stop = end if size == 0 else start + size
        if size and size < head:
            return
        yield kind, start + head, stop
        start = stop


def _collect(items: _Items, item: int, found: list[Part], *, depth: int) -> None:
    """Adds the coded parts of an item, which may be derived from others."""
    inputs = items.inputs.get(item, ())
    kind = items.kinds.get(item, "")
    if not inputs:
        if item in items.extents:
            own = items.properties.get(item, ())
            configuration = next((one.start for one in own if one.kind == b"hvcC"), None)
            found.append(Part(kind, items.extents[item], configuration))
        return
    for other in inputs[:1] if kind in _FIRST_BASE_ONLY else inputs:
        if depth < 4 and len(found) < _MOST_PARTS:
            _collect(items, other, found, depth=depth + 1)


def _read(data: bytes) -> _Items | None:
    """The tables of a file; None: they can't be read."""
    items = _Items()
    try:
        for kind, start, end in boxes(data, 0, len(data)):
            if kind == b"meta":
                inside = {k: (s, e) for k, s, e in boxes(data, start + 4, min(end, len(data)))}
                _read_meta(data, inside, items)
                break
    except (struct.error, IndexError, ValueError):
        return None
    return items


def _read_meta(data: bytes, inside: Mapping[bytes, tuple[int, int]], items: _Items) -> None:
    for kind, read in ((b"pitm", _read_primary), (b"iinf", _read_kinds), (b"iref", _read_inputs)):
        if kind in inside:
            read(data, *inside[kind], items)
    if b"iloc" in inside:
        own_data = inside.get(b"idat", (0, 0))[0]
        _read_extents(data, *inside[b"iloc"], own_data, items)
    if b"iprp" in inside:
        _read_properties(data, *inside[b"iprp"], items)


def _read_primary(data: bytes, start: int, _end: int, items: _Items) -> None:
    (items.primary,) = struct.unpack_from(">I" if data[start] else ">H", data, start + 4)


def _read_kinds(data: bytes, start: int, end: int, items: _Items) -> None:
    first = start + (8 if data[start] else 6)
    for kind, at, _ in boxes(data, first, end):
        version = data[at]
        if kind != b"infe" or version < 2:
            continue
        (item,) = struct.unpack_from(">H" if version == 2 else ">I", data, at + 4)
        named = at + (8 if version == 2 else 10)
        items.kinds[item] = data[named : named + 4].decode("latin-1")


def _read_inputs(data: bytes, start: int, end: int, items: _Items) -> None:
    wide = data[start] > 0
    size = 4 if wide else 2
    for kind, at, _ in boxes(data, start + 4, end):
        if kind != b"dimg":
            continue
        item, count = struct.unpack_from(">IH" if wide else ">HH", data, at)
        letters = f">{count}{'I' if wide else 'H'}"
        items.inputs[item] = struct.unpack_from(letters, data, at + size + 2)


def _read_extents(data: bytes, start: int, end: int, own_data: int, items: _Items) -> None:
    """The box `iloc`; items inside of other items (construction method 2) are left out."""
    version = data[start]
    sizes = struct.unpack_from(">BB", data, start + 4)
    offset_size, length_size = sizes[0] >> 4, sizes[0] & 15
    base_size, index_size = sizes[1] >> 4, sizes[1] & 15 if version else 0
    cursor = _Cursor(data, start + 6, end)
    wide = 4 if version == 2 else 2
    for _ in range(cursor.number(wide)):
        item = cursor.number(wide)
        method = cursor.number(2) & 15 if version else 0
        cursor.number(2)  # which file: always this one
        base = cursor.number(base_size) + (own_data if method == 1 else 0)
        extents = []
        count = cursor.number(2)
        if count > 1 and not index_size + offset_size + length_size:
            raise struct.error("extents without a size")
        for _ in range(count):
            cursor.number(index_size)
            at = base + cursor.number(offset_size)
            length = cursor.number(length_size)
            extents.append((at, at + length if length else len(data)))
        if method < 2:
            items.extents[item] = tuple(extents)


def _read_properties(data: bytes, start: int, end: int, items: _Items) -> None:
    """The boxes `ipco`, a list of properties, and `ipma`, numbers from 1 in it by item."""
    inside = {kind: (at, stop) for kind, at, stop in boxes(data, start, min(end, len(data)))}
    if b"ipco" not in inside or b"ipma" not in inside:
        return
    known = [Property(*box) for box in boxes(data, *inside[b"ipco"])]
    at, stop = inside[b"ipma"]
    wide_items, wide_numbers = data[at] > 0, data[at + 3] & 1
    cursor = _Cursor(data, at + 4, stop)
    for _ in range(cursor.number(4)):
        item = cursor.number(4 if wide_items else 2)
        own = []
        for _ in range(cursor.number(1)):
            number = cursor.number(2) & 0x7FFF if wide_numbers else cursor.number(1) & 0x7F
            if 0 < number <= len(known):
                own.append(known[number - 1])
        items.properties[item] = tuple(own)


class _Cursor:
    """Reads numbers of given sizes, one behind the other, up to the end of a box."""

    def __init__(self, data: bytes, place: int, end: int) -> None:
        self._data = data
        self._place = place
        self._end = end

    def number(self, size: int) -> int:
        """The next big-endian number of `size` bytes; 0 for size 0."""
        piece = self._data[self._place : min(self._place + size, self._end)]
        if len(piece) < size:
            raise struct.error("the table ends early")
        self._place += size
        return int.from_bytes(piece, "big")
