"""Damage of WebP files: a cut container, and holes in the coded data of the first frame."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

import numpy as np
from PIL import Image

from piqa_cli.read.damage.zeros import hole

_HEADER_BYTES = 12
_FRAME_HEADER_BYTES = 16  # of an animation's frame, before its chunks
_ZEROS = re.compile(rb"\0{64,}")
_BLOCK_PX = 16
# Zero bytes that a flat block may take. Lossy: up to 9 were found, mostly far fewer. Lossless: one
# bit for each pixel in each of four channels.
_ZEROS_PER_FLAT_BLOCK = {b"VP8 ": 16, b"VP8L": 128}
_FLAT = 6  # largest difference along a row or column that is still predicted without any data


def damage(data: bytes) -> str | None:
    """Names what is missing or empty of the first frame."""
    (size,) = struct.unpack_from("<I", data, 4)
    if size + 8 > len(data):
        return f"the file ends after {len(data)} of {size + 8} bytes"
    for kind, start, end in _chunks(data, _HEADER_BYTES, size + 8):
        if kind in _ZEROS_PER_FLAT_BLOCK:
            zeros = max((len(run) for run in _ZEROS.findall(data, start, end)), default=0)
            flat = zeros // _ZEROS_PER_FLAT_BLOCK[kind]
            return hole("the coded picture") if zeros and _flat_blocks(data) < flat else None
    return None


def _flat_blocks(data: bytes) -> int:
    """Number of blocks whose rows are all alike, or whose columns are: coded as runs of zeros."""
    with Image.open(io.BytesIO(data), formats=["WEBP"]) as picture:
        grey = picture.convert("L")
    rows, columns = (side // _BLOCK_PX for side in (grey.height, grey.width))
    pixels = np.asarray(grey)[: rows * _BLOCK_PX, : columns * _BLOCK_PX]
    blocks = pixels.reshape(rows, _BLOCK_PX, columns, _BLOCK_PX)
    alike = [np.ptp(blocks, axis=axis).max(axis=-1 if axis == 1 else 1) for axis in (1, 3)]
    return int((np.minimum(*alike) <= _FLAT).sum())


def _chunks(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, start and end of each chunk's data; those of frames in place of the frames."""
    while start + 8 <= end:
        kind, size = struct.unpack_from("<4sI", data, start)
        first, stop = start + 8, min(start + 8 + size, end)
        if kind == b"ANMF":
            yield from _chunks(data, first + _FRAME_HEADER_BYTES, stop)
        else:
            yield kind, first, stop
        start = first + size + size % 2
