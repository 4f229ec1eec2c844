"""Colour that a picture states without an ICC profile: by code points, PNG chunks or EXIF.

HEIC, AVIF and PNG may hold code points of ITU-T H.273 (tables 2 and 3), PNG also gAMA and cHRM;
EXIF can name Adobe RGB. A picture that isn't sRGB gets the ICC profile that it could have
embedded; one coded for HDR displays has no SDR pixels to score and is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from piqa_cli.errors import CaptureError
from piqa_cli.formats import ColorCodes
from piqa_cli.read.icc import D65_XY, SRGB_CURVE, SRGB_XY, Chromaticities, Curve, matrix_profile
from piqa_cli.records import Exif

_HDR_TRANSFERS = {16: "PQ", 18: "HLG"}
_NO_DISPLAY_TRANSFERS = {9: "logarithmic", 10: "logarithmic", 17: "SMPTE ST 428-1"}
# All others (BT.709 and its like) are shown by sRGB's curve, as browsers and viewers do.
_CURVES: dict[int, tuple[str, Curve]] = {
    4: (", gamma 2.2", (2.2,)),
    5: (", gamma 2.8", (2.8,)),
    8: (", linear", (1.0,)),
}
_C_XY = (0.310, 0.316)
_DCI_XY = (0.314, 0.351)
_BT601_XY: Chromaticities = ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070))
# Code, then name, red, green and blue, and white; 1 and all others are sRGB's.
_PRIMARIES: dict[int, tuple[str, Chromaticities, tuple[float, float]]] = {
    4: ("BT.470 M", ((0.670, 0.330), (0.210, 0.710), (0.140, 0.080)), _C_XY),
    5: ("BT.601 625", ((0.640, 0.330), (0.290, 0.600), (0.150, 0.060)), D65_XY),
    6: ("BT.601 525", _BT601_XY, D65_XY),
    7: ("SMPTE 240M", _BT601_XY, D65_XY),
    8: ("generic film", ((0.681, 0.319), (0.243, 0.692), (0.145, 0.049)), _C_XY),
    9: ("BT.2020", ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)), D65_XY),
    11: ("DCI-P3", ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), _DCI_XY),
    12: ("Display P3", ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), D65_XY),
    22: ("EBU 3213", ((0.630, 0.340), (0.295, 0.605), (0.155, 0.077)), D65_XY),
}
_SRGB = ("sRGB", SRGB_XY, D65_XY)
_UNSPECIFIED = 2

# Adobe RGB (1998), sections 4.3.1.1 and 4.3.4.2: chromaticities, and a gamma of 2 + 51/256.
_ADOBE_XY: Chromaticities = ((0.640, 0.330), (0.210, 0.710), (0.150, 0.060))
_ADOBE_GAMMA = 563 / 256

_GAMMA_WITHIN = 0.05  # gAMA that stands for sRGB, relative to 1/2.2; decoders' usual threshold
_XY_WITHIN = 0.005  # cHRM that is sRGB's, also where rounded to two digits
_GAMMAS = (0.2, 2.0)  # gAMA beyond it is no encoding of a photograph
_MIN_TRIANGLE = 0.005  # area that the primaries must span in the chromaticity diagram


@dataclass(frozen=True, slots=True)
class Stated:
    """Colours that a picture states.

    Attributes:
        name: of the colours, and where they are stated.
        icc: the profile; None: they are sRGB's.
    """

    name: str
    icc: bytes | None


def is_hdr(codes: ColorCodes | None) -> bool:
    """Tells whether code points are those of an HDR display (PQ or HLG)."""
    return codes is not None and codes[1] in _HDR_TRANSFERS


def by_code(codes: ColorCodes | None) -> Stated | None:
    """Colours by code points; None: none are stated, or as unspecified.

    Args:
        codes: primaries and transfer of the main picture; None: it states none.

    Raises:
        CaptureError: the pixels are coded for HDR displays (PQ or HLG), or for no display.
    """
    if codes is None:
        return None
    primaries, transfer = codes
    if hdr := _HDR_TRANSFERS.get(transfer):
        raise CaptureError("read", f"coded for HDR displays ({hdr}): export an SDR picture")
    if other := _NO_DISPLAY_TRANSFERS.get(transfer):
        raise CaptureError("read", f"coded for no display ({other}): export an sRGB picture")
    if primaries == transfer == _UNSPECIFIED:
        return None
    name, xy, white = _PRIMARIES.get(primaries, _SRGB)
    suffix, curve = _CURVES.get(transfer, ("", SRGB_CURVE))
    if xy == SRGB_XY and curve == SRGB_CURVE:
        return Stated("sRGB (by code)", None)
    name += suffix
    return Stated(f"{name} (by code)", matrix_profile(name, xy, curve, white))


def by_png_chunks(info: Mapping[Any, Any]) -> Stated | None:
    """Colours by a PNG's chunks sRGB, gAMA and cHRM; None: nothing beyond a usual gamma.

    By gAMA and cHRM together the curve is the plain gamma stated, by cHRM alone it is sRGB's.

    Args:
        info: of the picture, opened by Pillow.

    Raises:
        CaptureError: gAMA or cHRM holds what can't be the colours of a picture.
    """
    gamma, chromaticities = info.get("gamma"), info.get("chromaticity")
    if "srgb" in info:
        return Stated("sRGB (by chunk)", None)
    white, xy = (D65_XY, SRGB_XY) if chromaticities is None else _checked(chromaticities)
    if gamma is not None and not _GAMMAS[0] <= gamma <= _GAMMAS[1]:
        raise CaptureError(
            "read", f"its chunk gAMA states {gamma:g}, no gamma of a picture: {_MEND}"
        )
    usual_gamma = gamma is None or abs(2.2 * gamma - 1) <= _GAMMA_WITHIN
    usual_xy = np.abs(np.subtract((white, *xy), (D65_XY, *SRGB_XY))).max() <= _XY_WITHIN
    if usual_gamma and usual_xy:
        return Stated("sRGB (gAMA, cHRM)", None) if gamma and chromaticities else None
    if gamma is None:
        return Stated("primaries by cHRM", matrix_profile("cHRM", xy, SRGB_CURVE, white))
    name = f"gamma {1 / gamma:.3g}" + ("" if usual_xy else ", primaries by cHRM")
    return Stated(f"{name} (gAMA)", matrix_profile(name, xy, (1 / gamma,), white))


def by_exif(exif: Exif) -> Stated | None:
    """Adobe RGB where EXIF names it; None where it doesn't."""
    if exif.color_space != "Adobe RGB":
        return None
    icc = matrix_profile("Adobe RGB", _ADOBE_XY, (_ADOBE_GAMMA,))
    return Stated("Adobe RGB (by EXIF)", icc)


_MEND = "export it again, as sRGB"


def _checked(chromaticities: tuple[float, ...]) -> tuple[tuple[float, float], Chromaticities]:
    """White and primaries of cHRM.

    Raises:
        CaptureError: the primaries span no triangle around the white.
    """
    if len(chromaticities) == 8 and min(chromaticities[1::2]) > 0:
        points = np.array(chromaticities).reshape(4, 2)
        corners = np.vstack([points[1:].T, np.ones(3)])
        if np.linalg.det(corners) / 2 > _MIN_TRIANGLE:
            shares = np.linalg.solve(corners, [*points[0], 1])
            if shares.min() > 0:
                white, red, green, blue = ((float(x), float(y)) for x, y in points)
                return white, (red, green, blue)
    raise CaptureError("read", f"its chunk cHRM states no primaries of a picture: {_MEND}")
