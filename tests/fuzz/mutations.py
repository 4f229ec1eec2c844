"""Ways to damage a file, each by a random generator with a seed."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from piqa_cli.formats.iso_items import boxes
from piqa_cli.formats.jpeg_segments import header_segments
from tests.fuzz.pictures import Whole

_HEADER_SHARE = 0.25  # of the places: pixels fill most of a file, headers decide how they are read
_HEADER_BYTES = 1024
_CONTAINERS = {b"meta": 4, b"iprp": 0, b"ipco": 0, b"iinf": 6, b"iref": 4}


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment, chunk, box or directory entry, and where its length is stored."""

    start: int
    end: int
    length_at: int
    length_format: str


def mutate(whole: Whole, kind: str, seed: int) -> bytes:
    """A damaged copy of a file, which always differs from it.

    Args:
        whole: the file.
        kind: a name in `MUTATIONS`.
        seed: the same one gives the same bytes.
    """
    dice = random.Random(f"{whole.name} {kind} {seed}")
    while (damaged := MUTATIONS[kind](whole, dice)) == whole.data:
        pass
    return damaged


def _place(data: bytes, dice: random.Random, room: int = 1) -> int:
    """An offset with at least `room` bytes behind it; headers come up more often than by size."""
    most = len(data) - room
    return dice.randrange(min(most, _HEADER_BYTES) if dice.random() < _HEADER_SHARE else most)


def _size(data: bytes, dice: random.Random) -> int:
    """Small sizes as often as large ones, up to a fifth of the file."""
    return int(2 ** dice.uniform(2, len(data).bit_length() - 3.3))


def _cut(whole: Whole, dice: random.Random) -> bytes:
    return whole.data[: _place(whole.data, dice)]


def _cut_and_closed(whole: Whole, dice: random.Random) -> bytes:
    """A cut file that ends as a whole one does, or states its new length."""
    data = _cut(whole, dice)
    if whole.format == "jpeg":
        return data + b"\xff\xd9"
    if whole.format == "png":
        return data + struct.pack(">I4sI", 0, b"IEND", zlib.crc32(b"IEND"))
    if whole.format == "webp" and len(data) > 12:
        return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]
    if whole.format in ("heic", "avif"):
        for kind, start, _ in boxes(whole.data, 0, len(whole.data)):
            if kind == b"mdat" and start < len(data):
                size = struct.pack(">I", len(data) - start + 8)
                return data[: start - 8] + size + data[start - 4 :]
    return data


def _filled(whole: Whole, dice: random.Random, fill: Callable[[int], bytes]) -> bytes:
    size = _size(whole.data, dice)
    at = _place(whole.data, dice, size)
    return whole.data[:at] + fill(size) + whole.data[at + size :]


def _zeros(whole: Whole, dice: random.Random) -> bytes:
    return _filled(whole, dice, bytes)


def _noise(whole: Whole, dice: random.Random) -> bytes:
    return _filled(whole, dice, dice.randbytes)


def _bytes(whole: Whole, dice: random.Random) -> bytes:
    data = bytearray(whole.data)
    for _ in range(dice.choice((1, 1, 2, 8))):
        data[_place(whole.data, dice)] = dice.randrange(256)
    return bytes(data)


def _bits(whole: Whole, dice: random.Random) -> bytes:
    data = bytearray(whole.data)
    for _ in range(dice.choice((1, 1, 2, 8))):
        data[_place(whole.data, dice)] ^= 1 << dice.randrange(8)
    return bytes(data)


def _lost(whole: Whole, dice: random.Random) -> bytes:
    size = _size(whole.data, dice)
    at = _place(whole.data, dice, size)
    return whole.data[:at] + whole.data[at + size :]


def _doubled(whole: Whole, dice: random.Random) -> bytes:
    size = _size(whole.data, dice)
    at = _place(whole.data, dice, size)
    return whole.data[: at + size] + whole.data[at:]


def _overwritten(whole: Whole, dice: random.Random) -> bytes:
    """One block stands in the place of another, too."""
    size = _size(whole.data, dice)
    source, target = (_place(whole.data, dice, size) for _ in range(2))
    block = whole.data[source : source + size]
    return whole.data[:target] + block + whole.data[target + size :]


def _blocks_swapped(whole: Whole, dice: random.Random) -> bytes:
    size = _size(whole.data, dice)
    first, second = sorted(_place(whole.data, dice, size) for _ in range(2))
    if second < first + size:
        return whole.data
    data = whole.data
    return (
        data[:first]
        + data[second : second + size]
        + data[first + size : second]
        + data[first : first + size]
        + data[second + size :]
    )


def _pieces_swapped(whole: Whole, dice: random.Random) -> bytes:
    data = whole.data
    first, second = sorted(dice.sample(list(pieces(whole)), 2), key=lambda piece: piece.start)
    if second.start < first.end:  # one within the other
        return _blocks_swapped(whole, dice)
    return (
        data[: first.start]
        + data[second.start : second.end]
        + data[first.end : second.start]
        + data[first.start : first.end]
        + data[second.end :]
    )


def _piece_lost(whole: Whole, dice: random.Random) -> bytes:
    piece = dice.choice(list(pieces(whole)))
    return whole.data[: piece.start] + whole.data[piece.end :]


def _lying_length(whole: Whole, dice: random.Random) -> bytes:
    """A stored length, or a directory entry's value, that isn't so."""
    piece = dice.choice(list(pieces(whole)))
    size = struct.calcsize(piece.length_format)
    data = bytearray(whole.data)
    (length,) = struct.unpack_from(piece.length_format, data, piece.length_at)
    most = 256**size - 1
    lie = dice.choice((0, 1, length + 1, length - 1, length // 2, length * 2, most, most // 2))
    struct.pack_into(piece.length_format, data, piece.length_at, min(max(lie, 0), most))
    return bytes(data)


MUTATIONS: dict[str, Callable[[Whole, random.Random], bytes]] = {
    "cut": _cut,
    "cut and closed": _cut_and_closed,
    "hole of zeros": _zeros,
    "hole of noise": _noise,
    "bytes": _bytes,
    "bits": _bits,
    "block lost": _lost,
    "block doubled": _doubled,
    "block overwritten": _overwritten,
    "blocks swapped": _blocks_swapped,
    "pieces swapped": _pieces_swapped,
    "piece lost": _piece_lost,
    "lying length": _lying_length,
}


def pieces(whole: Whole) -> Iterator[Piece]:
    """The parts of a file that state their length."""
    match whole.format:
        case "jpeg":
            yield from _segments(whole.data)
        case "png":
            yield from _chunks(whole.data)
        case "tiff":
            yield from _entries(whole.data)
        case "webp":
            yield from _riff(whole.data)
        case _:
            yield from _boxes(whole.data, 0, len(whole.data))


def _segments(data: bytes) -> Iterator[Piece]:
    start = 2
    while segments := list(header_segments(data, start)):
        for segment in segments:
            first = segment.end - len(segment.body) - 4
            yield Piece(first, segment.end, first + 2, ">H")
        start = segments[-1].end


def _chunks(data: bytes) -> Iterator[Piece]:
    start = 8
    while start + 12 <= len(data):
        end = start + 12 + struct.unpack_from(">I", data, start)[0]
        yield Piece(start, end, start, ">I")
        start = end


def _entries(data: bytes) -> Iterator[Piece]:
    """Entries of the first directory: count, and value or offset."""
    order = "<" if data[:2] == b"II" else ">"
    (start,) = struct.unpack_from(f"{order}I", data, 4)
    (count,) = struct.unpack_from(f"{order}H", data, start)
    for place in range(start + 2, start + 2 + 12 * count, 12):
        yield Piece(place, place + 12, place + 4, f"{order}I")
        yield Piece(place, place + 12, place + 8, f"{order}I")


def _riff(data: bytes) -> Iterator[Piece]:
    yield Piece(0, 12, 4, "<I")
    start = 12
    while start + 8 <= len(data):
        (size,) = struct.unpack_from("<I", data, start + 4)
        end = start + 8 + size + size % 2
        yield Piece(start, end, start + 4, "<I")
        start = end


def _boxes(data: bytes, start: int, end: int) -> Iterator[Piece]:
    for kind, first, stop in boxes(data, start, end):
        yield Piece(first - 8, stop, first - 8, ">I")
        if kind in _CONTAINERS:
            yield from _boxes(data, first + _CONTAINERS[kind], stop)
