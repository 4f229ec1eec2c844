"""The turn that a HEIC or AVIF file itself states (properties irot and imir), as EXIF counts them.

Decoders apply it, and EXIF's own orientation is only a note beside it (ISO/IEC 23008-12, 6.5.10,
6.5.12 and annex A). Where the two differ, other viewers may show another side up.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from PIL import Image

from piqa_cli.formats.iso_items import boxes
from piqa_cli.read.pixels import orient

_CHECKER = Image.frombytes("L", (2, 2), bytes(range(4)))
_ORIENTATIONS = {orient(_CHECKER, number).tobytes(): number for number in range(1, 9)}
_ROTATIONS = {
    1: Image.Transpose.ROTATE_90,  # counter-clockwise, as irot counts
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_270,
}
_MIRRORS = {0: Image.Transpose.FLIP_TOP_BOTTOM, 1: Image.Transpose.FLIP_LEFT_RIGHT}

_Box = tuple[bytes, bytes]
"""Type and content of a box."""


def turn_of(data: bytes) -> int | None:
    """The orientation 1..8 by which decoders turn the main picture; None: it can't be told.

    Args:
        data: the whole HEIC or AVIF file.
    """
    try:
        meta = dict(_boxes(dict(_boxes(data))[b"meta"][4:]))
        properties = dict(_boxes(meta[b"iprp"]))
        kinds = list(_boxes(properties[b"ipco"]))
        checker = _CHECKER
        for index in _indices(properties[b"ipma"], _item(meta[b"pitm"])):
            kind, content = kinds[index - 1] if index else (b"", b"")
            if kind == b"irot" and (step := _ROTATIONS.get(content[0] & 3)) is not None:
                checker = checker.transpose(step)
            if kind == b"imir":
                checker = checker.transpose(_MIRRORS[content[0] & 1])
    except (KeyError, IndexError, struct.error):
        return None
    return _ORIENTATIONS[checker.tobytes()]


def turn_warning(data: bytes, exif_orientation: int | None) -> str | None:
    """One line where the file's turn and EXIF's orientation differ; None where they agree.

    Args:
        data: the whole HEIC or AVIF file.
        exif_orientation: as stored, 1..8; None: EXIF states none.
    """
    return difference(turn_of(data), exif_orientation, "irot, imir")


def difference(turn: int | None, exif_orientation: int | None, where: str) -> str | None:
    """One line where a turn that was applied and EXIF's orientation differ.

    Args:
        turn: 1..8; None: it can't be told.
        exif_orientation: as stored, 1..8; None: EXIF states none.
        where: the part of the file that states the turn.
    """
    if turn is None or exif_orientation is None or turn == exif_orientation:
        return None
    return (
        f"EXIF states orientation {exif_orientation}, but the file's own turn ({where}) is "
        f"{turn}: the file's own was used"
    )


def _boxes(data: bytes) -> Iterator[_Box]:
    """The boxes that follow one another."""
    return ((kind, data[start:end]) for kind, start, end in boxes(data, 0, len(data)))


def _item(pitm: bytes) -> int:
    """Number of the main picture."""
    (number,) = struct.unpack_from(">I" if pitm[0] else ">H", pitm, 4)
    return int(number)


def _indices(ipma: bytes, item: int) -> list[int]:
    """Numbers of an item's properties, from 1, in the order in which they apply."""
    version, wide = ipma[0], ipma[3] & 1
    (entries,) = struct.unpack_from(">I", ipma, 4)
    start = 8
    for _ in range(entries):
        (number,) = struct.unpack_from(">I" if version else ">H", ipma, start)
        start += 4 if version else 2
        count = ipma[start]
        form, bits = (f">{count}H", 0x7FFF) if wide else (f">{count}B", 0x7F)
        found = struct.unpack_from(form, ipma, start + 1)
        if number == item:
            return [value & bits for value in found]
        start += 1 + struct.calcsize(form)
    return []
