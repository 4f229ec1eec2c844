"""Damage of HEIC files: tiles beyond the end of the file, and coded data that don't decode.

libheif shows missing tiles in green, and libde265 paints over what it can't decode.
"""

from __future__ import annotations

from piqa_cli.formats.iso_items import main_parts
from piqa_cli.read.damage.hevc import parameter_sets, warning_of
from piqa_cli.read.damage.iso_parts import coded, missing, named
from piqa_cli.read.damage.zeros import has_zeros, hole

_LENGTH_OFFSET = 21  # of the field in the decoder configuration (ISO/IEC 14496-15, 8.3.3)
_LONGEST_ZEROS = 8  # 00 00 00 never stands within a coded unit (ITU-T H.265, 7.4.2)


def damage(data: bytes) -> str | None:
    """Names what is missing, empty or wrong of the main picture."""
    parts = main_parts(data)
    if cut := missing(parts, len(data)):
        return cut
    for number, part in enumerate(parts, 1):
        if part.kind != "hvc1":
            continue
        stream = coded(data, part)
        length_size = _length_size(data, part.configuration)
        if not _units_fit(stream, length_size):
            if has_zeros(stream, _LONGEST_ZEROS):
                return hole(named(parts, number))
            return f"the coded data of {named(parts, number)} are broken"
        units = _units(stream, length_size)
        if any(has_zeros(unit, _LONGEST_ZEROS) for unit in units):
            return hole(named(parts, number))
        sets = () if part.configuration is None else parameter_sets(data, part.configuration)
        if warning := warning_of([*sets, *units]):
            return f"the coded data of {named(parts, number)} are broken ({warning})"
    return None


def _length_size(data: bytes, configuration: int | None) -> int:
    """Bytes of the length that stands before each coded unit."""
    return 4 if configuration is None else (data[configuration + _LENGTH_OFFSET] & 3) + 1


def _units(stream: bytes, length_size: int) -> list[bytes]:
    """The coded units of a part; the last one is short where lengths don't fit."""
    units, place = [], 0
    while place + length_size <= len(stream):
        start = place + length_size
        length = int.from_bytes(stream[place:start], "big")
        units.append(stream[start : start + length])
        place = start + length
    return units


def _units_fit(stream: bytes, length_size: int) -> bool:
    """True where lengths lead from unit to unit to the very end."""
    units = _units(stream, length_size)
    return all(units) and sum(map(len, units)) + length_size * len(units) == len(stream)
