"""Damage of TIFF files: strips or tiles that are missing, cut, or don't unpack.

libtiff skips what it can't unpack, complains on stderr and leaves the rows as they were.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from piqa_cli.formats import tiff_tags as tags
from piqa_cli.formats.tiff_tags import Tags, first_tags
from piqa_cli.read.damage import jpeg
from piqa_cli.read.damage.zeros import has_zeros, hole

_UNCOMPRESSED, _LZW, _JPEG, _DEFLATE, _OLD_DEFLATE, _PACK_BITS = 1, 5, 7, 8, 32946, 32773
_YCBCR = 6
_SEPARATE_PLANES = 2
# Their encoders can't write more zeros in a row: a repeated byte gets a code of its own.
_LONGEST_ZEROS = {_LZW: 16, _PACK_BITS: 64}

_STEP_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class _Piece:
    """A strip or tile: its place in the file and the bytes that it unpacks to (None: unknown).

    `most` is of a full strip: some encoders fill the last one with rows below the picture.
    """

    offset: int
    length: int
    unpacked: int | None
    most: int | None


def damage(data: bytes) -> str | None:
    """Names the first strip or tile of the first picture that isn't whole."""
    stored = first_tags(data)
    tiled = tags.TILE_OFFSETS in stored
    word = "tile" if tiled else "strip"
    compression = _one(stored, tags.COMPRESSION, _UNCOMPRESSED)
    pieces = list(_tiles(stored) if tiled else _strips(stored))
    for number, piece in enumerate(pieces, 1):
        name = f"{word} {number} of {len(pieces)}"
        if not piece.offset or not piece.length:
            return f"{name} is missing"
        if piece.offset + _needed(piece, compression) > len(data):
            return f"{name} lies beyond the end of the file"
        if compression == _UNCOMPRESSED:
            continue
        coded = data[piece.offset : piece.offset + piece.length]
        if fault := _fault(coded, compression, piece, stored, name):
            return fault
    return None


def _fault(coded: bytes, compression: int, piece: _Piece, stored: Tags, name: str) -> str | None:
    """Names what keeps a strip or tile from being unpacked."""
    if compression in (_DEFLATE, _OLD_DEFLATE):
        return None if _inflates(coded, piece) else f"{name} can't be unpacked"
    if compression == _PACK_BITS and not _fits(_unpacked_bytes(coded), piece):
        return f"{name} doesn't unpack to its rows"
    if compression in _LONGEST_ZEROS:
        return hole(name) if has_zeros(coded, _LONGEST_ZEROS[compression]) else None
    if compression == _JPEG:
        tables = bytes(stored.get(tags.JPEG_TABLES, ()))
        fault = jpeg.damage(tables.removesuffix(b"\xff\xd9") + coded[2:] if tables else coded)
        return fault and f"{name}: {fault}"
    return None


def _inflates(coded: bytes, piece: _Piece) -> bool:
    """True where zlib unpacks what is expected and no more, and its checksum fits."""
    unpacker = zlib.decompressobj()
    total, rest = 0, coded
    try:
        while rest and not unpacker.eof:
            total += len(unpacker.decompress(rest, _STEP_BYTES))
            rest = unpacker.unconsumed_tail
            if piece.most is not None and total > piece.most:
                return False
    except zlib.error:
        return False
    return unpacker.eof if piece.unpacked is None else total >= piece.unpacked


def _unpacked_bytes(coded: bytes) -> int:
    """Bytes that PackBits unpacks to (TIFF 6.0, section 9)."""
    place, total = 0, 0
    while place < len(coded):
        code = coded[place]
        if code < 128:
            total += code + 1
            place += code + 2
        else:
            total += 257 - code if code > 128 else 0
            place += 2 if code > 128 else 1
    return total if place <= len(coded) else 0


def _fits(total: int, piece: _Piece) -> bool:
    if piece.unpacked is None or piece.most is None:
        return True
    return piece.unpacked <= total <= piece.most


def _needed(piece: _Piece, compression: int) -> int:
    """Bytes that decoding takes from the file."""
    if compression == _UNCOMPRESSED and piece.unpacked is not None:
        return piece.unpacked
    return piece.length


def _strips(stored: Tags) -> Iterator[_Piece]:
    height = _one(stored, tags.IMAGE_LENGTH, 0)
    rows = min(_one(stored, tags.ROWS_PER_STRIP, height) or height, height)
    offsets = stored.get(tags.STRIP_OFFSETS, ())
    lengths = stored.get(tags.STRIP_BYTE_COUNTS, ())
    a_plane = -(-height // rows) if rows else 1
    row_bytes = _row_bytes(stored, _one(stored, tags.IMAGE_WIDTH, 0))
    for place, (offset, length) in enumerate(zip(offsets, lengths, strict=False)):
        own_rows = min(rows, height - place % a_plane * rows)
        if row_bytes is None:
            yield _Piece(offset, length, None, None)
        else:
            yield _Piece(offset, length, own_rows * row_bytes, rows * row_bytes)


def _tiles(stored: Tags) -> Iterator[_Piece]:
    row_bytes = _row_bytes(stored, _one(stored, tags.TILE_WIDTH, 0))
    rows = _one(stored, tags.TILE_LENGTH, 0)
    offsets = stored.get(tags.TILE_OFFSETS, ())
    lengths = stored.get(tags.TILE_BYTE_COUNTS, ())
    for offset, length in zip(offsets, lengths, strict=False):
        size = None if row_bytes is None else rows * row_bytes
        yield _Piece(offset, length, size, size)


def _row_bytes(stored: Tags, width: int) -> int | None:
    """Bytes of one unpacked row; None where colour is stored at a lower resolution."""
    if _one(stored, tags.PHOTOMETRIC, 0) == _YCBCR:
        return None
    separate = _one(stored, tags.PLANAR_CONFIGURATION, 1) == _SEPARATE_PLANES
    samples = 1 if separate else _one(stored, tags.SAMPLES_PER_PIXEL, 1)
    return (width * samples * _one(stored, tags.BITS_PER_SAMPLE, 1) + 7) // 8


def _one(stored: Tags, tag: int, otherwise: int) -> int:
    """The first value of a tag."""
    return next(iter(stored.get(tag, ())), otherwise)
