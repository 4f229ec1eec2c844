"""The turn that a HEIC or AVIF file itself states (properties irot and imir), as EXIF counts them.

Decoders apply it, and EXIF's own orientation is only a note beside it (ISO/IEC 23008-12, 6.5.10,
6.5.12 and annex A). Where the two differ, other viewers may show another side up.
"""

from __future__ import annotations

from PIL import Image

from piqa_cli.formats.iso_items import main_properties
from piqa_cli.read.pixels import orient

_CHECKER = Image.frombytes("L", (2, 2), bytes(range(4)))
_ORIENTATIONS = {orient(_CHECKER, number).tobytes(): number for number in range(1, 9)}
_ROTATIONS = {
    1: Image.Transpose.ROTATE_90,  # counter-clockwise, as irot counts
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_270,
}
_MIRRORS = {0: Image.Transpose.FLIP_TOP_BOTTOM, 1: Image.Transpose.FLIP_LEFT_RIGHT}


def turn_of(data: bytes) -> int | None:
    """The orientation 1..8 by which decoders turn the main picture; None: it can't be told.

    Args:
        data: the whole HEIC or AVIF file.
    """
    properties = main_properties(data)
    if properties is None:
        return None
    checker = _CHECKER
    for one in properties:
        if one.kind not in (b"irot", b"imir"):
            continue
        content = data[one.start : one.end]
        if not content:
            return None
        if one.kind == b"imir":
            checker = checker.transpose(_MIRRORS[content[0] & 1])
        elif (step := _ROTATIONS.get(content[0] & 3)) is not None:
            checker = checker.transpose(step)
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
