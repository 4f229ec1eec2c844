"""Colour by code points: what HEIC, AVIF and PNG state where they embed no ICC profile.

Codes are those of ITU-T H.273, tables 2 and 3. A picture in wider primaries gets the ICC profile
that it could have embedded; one coded for HDR displays has no SDR pixels to score and is refused.
"""

from __future__ import annotations

import struct
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from piqa_cli.errors import CaptureError
from piqa_cli.formats import ColorCodes

_HDR_TRANSFERS = {16: "PQ", 18: "HLG"}
# Name and chromaticities (x, y) of red, green and blue; white is D65.
_WIDE_PRIMARIES = {
    9: ("BT.2020", ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046))),
    12: ("Display P3", ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))),
}
_D65_XY = (0.3127, 0.3290)
_D50_XYZ = (0.9642, 1.0, 0.8249)  # ICC profile connection space
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)  # ICC parametric type 3


def profile_by_code(codes: ColorCodes | None) -> tuple[str, bytes] | None:
    """Name and ICC profile of a picture that states wide primaries by code; None for sRGB's.

    Args:
        codes: primaries and transfer of the main picture; None: it states none.

    Raises:
        CaptureError: the pixels are coded for HDR displays (PQ or HLG).
    """
    if codes is None:
        return None
    primaries, transfer = codes
    if hdr := _HDR_TRANSFERS.get(transfer):
        raise CaptureError("read", f"coded for HDR displays ({hdr}): export an SDR picture")
    if primaries not in _WIDE_PRIMARIES:
        return None
    return f"{_WIDE_PRIMARIES[primaries][0]} (by code)", _icc(primaries)


@lru_cache(maxsize=4)
def _icc(primaries: int) -> bytes:
    """A matrix profile with sRGB's curve (ICC.1:2022, 8.3.3 and 10.18)."""
    name, chromaticities = _WIDE_PRIMARIES[primaries]
    text = name.encode("utf-16-be")
    multi = b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(text), 28) + text
    tags = {b"desc": multi, b"cprt": multi, b"wtpt": b"XYZ \0\0\0\0" + _fixed(*_D50_XYZ)}
    for letter, xyz in zip((b"r", b"g", b"b"), _colorants(chromaticities).T, strict=True):
        tags[letter + b"XYZ"] = b"XYZ \0\0\0\0" + _fixed(*xyz)
        tags[letter + b"TRC"] = b"para\0\0\0\0\0\3\0\0" + _fixed(*_SRGB_CURVE)
    return _assemble(tags)


def _colorants(chromaticities: tuple[tuple[float, float], ...]) -> NDArray[np.float64]:
    """XYZ of red, green and blue as columns, adapted to D50 by Bradford (ICC.1:2022, annex E)."""
    white = _xyz(*_D65_XY)
    columns = np.array([_xyz(x, y) for x, y in chromaticities]).T
    matrix = columns * np.linalg.solve(columns, white)
    gains = (_BRADFORD @ _D50_XYZ) / (_BRADFORD @ white)
    adapt: NDArray[np.float64] = np.linalg.solve(_BRADFORD, gains[:, None] * _BRADFORD)
    return adapt @ matrix


def _xyz(x: float, y: float) -> NDArray[np.float64]:
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _fixed(*numbers: float) -> bytes:
    """ICC s15Fixed16Number."""
    return b"".join(struct.pack(">i", round(float(number) * 65536)) for number in numbers)


def _assemble(tags: dict[bytes, bytes]) -> bytes:
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for tag, data in tags.items():
        table += tag + struct.pack(">II", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    header = struct.pack(">I4x", start + len(body)) + b"\4\0\0\0mntrRGB XYZ " + bytes(12)
    header += b"acsp" + bytes(28) + _fixed(*_D50_XYZ)
    return header.ljust(128, b"\0") + table + body
