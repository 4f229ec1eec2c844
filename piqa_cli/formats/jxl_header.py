"""Header of a JPEG XL codestream, as far as it says what will be decoded (ISO/IEC 18181-1)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from piqa_cli.formats.iso_items import boxes

_SIGNATURE = b"\xff\x0a"
_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_MOST_BYTES = 64  # up to the depth the header is shorter

# Numbers by their two selecting bits: what is added, and how many bits follow.
_Choices = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]
_SIDE: _Choices = ((1, 9), (1, 13), (1, 18), (1, 30))
_PREVIEW_EIGHTHS: _Choices = ((16, 0), (32, 0), (1, 5), (33, 9))
_PREVIEW_SIDE: _Choices = ((1, 6), (65, 8), (321, 10), (1345, 12))
_BITS: _Choices = ((8, 0), (10, 0), (12, 0), (1, 6))
_FLOAT_BITS: _Choices = ((32, 0), (16, 0), (24, 0), (1, 6))


@dataclass(frozen=True, slots=True)
class JxlHeader:
    """Facts of a JPEG XL's header.

    Attributes:
        width_px, height_px: as coded, before it is turned.
        bit_depth: bits a sample.
        is_float: True where samples are floating-point numbers.
        is_animated: True where the file holds frames of an animation.
        orientation: by which decoders turn it, 1..8 as EXIF counts.
    """

    width_px: int
    height_px: int
    bit_depth: int = 8
    is_float: bool = False
    is_animated: bool = False
    orientation: int = 1


def header_of(data: bytes) -> JxlHeader | None:
    """The header of a file, a bare codestream or a container; None: it can't be read.

    Args:
        data: the whole file.
    """
    try:
        stream = _codestream(data)
        if not stream.startswith(_SIGNATURE):
            return None
        bits = _Bits(stream[len(_SIGNATURE) :])
        width_px, height_px = _size(bits)
        if bits.take(1):  # all further fields have their defaults
            return JxlHeader(width_px, height_px)
        orientation, is_animated = _extra_fields(bits) if bits.take(1) else (1, False)
        if is_animated:
            return JxlHeader(width_px, height_px, is_animated=True, orientation=orientation)
        is_float = bool(bits.take(1))
        depth = bits.number(_FLOAT_BITS if is_float else _BITS)
    except (EOFError, struct.error):
        return None
    return JxlHeader(width_px, height_px, depth, is_float, orientation=orientation)


def _codestream(data: bytes) -> bytes:
    """The first bytes of the codestream, which a container keeps whole or in parts."""
    if data.startswith(_SIGNATURE):
        return data[:_MOST_BYTES]
    for kind, start, end in boxes(data, 0, len(data)):
        if kind in (b"jxlc", b"jxlp"):
            first = start if kind == b"jxlc" else start + 4  # behind the part's number
            return data[first : min(end, first + _MOST_BYTES)]
    return b""


def _size(bits: _Bits) -> tuple[int, int]:
    """Width and height."""
    is_small = bool(bits.take(1))

    def side() -> int:
        return 8 * (bits.take(5) + 1) if is_small else bits.number(_SIDE)

    height = side()
    ratio = bits.take(3)
    if ratio == 0:
        return side(), height
    over, under = _RATIOS[ratio]
    return height * over // under, height


def _extra_fields(bits: _Bits) -> tuple[int, bool]:
    """Orientation, and True where an animation follows; intrinsic size and preview are passed."""
    orientation = bits.take(3) + 1
    if bits.take(1):
        _size(bits)
    if bits.take(1):
        choices = _PREVIEW_EIGHTHS if bits.take(1) else _PREVIEW_SIDE
        bits.number(choices)
        if bits.take(3) == 0:
            bits.number(choices)
    return orientation, bool(bits.take(1))


class _Bits:
    """Reads bits, the lowest of each byte first."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "little")
        self._left = 8 * len(data)

    def take(self, count: int) -> int:
        """The next `count` bits as a number."""
        if count > self._left:
            raise EOFError("the header ends early")
        found = self._value & ((1 << count) - 1)
        self._value >>= count
        self._left -= count
        return found

    def number(self, choices: _Choices) -> int:
        """A number of one of four lengths."""
        base, count = choices[self.take(2)]
        return base + self.take(count)
