"""Exposure time, aperture and ISO speed, also where a camera left out their usual tags.

CIPA DC-008-2023: 4.6.6.7 (exposure), 4.6.6.8 (sensitivity), annex C (APEX values).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from piqa_cli.read.exif_readers import Tags
from piqa_cli.read.exif_values import listed, number, positive

_EXPOSURE_TIME, _SHUTTER_SPEED_VALUE = 0x829A, 0x9201
_F_NUMBER, _APERTURE_VALUE = 0x829D, 0x9202
_SENSITIVITY, _SENSITIVITY_TYPE = 0x8827, 0x8830
_OUTPUT, _INDEX, _ISO_SPEED = 0x8831, 0x8832, 0x8833
# Tags that PhotographicSensitivity repeats as far as it can, by SensitivityType.
_OF_TYPE = {
    1: (_OUTPUT,),
    2: (_INDEX,),
    3: (_ISO_SPEED,),
    4: (_OUTPUT, _INDEX),
    5: (_OUTPUT, _ISO_SPEED),
    6: (_INDEX, _ISO_SPEED),
    7: (_OUTPUT, _INDEX, _ISO_SPEED),
}
_OVERFLOW = 65535  # PhotographicSensitivity of higher speeds, which stand in the other tags
_MAX_ISO = 1e8  # beyond it a 32-bit speed is a code for "unknown"
_MAX_APEX = 30.0  # beyond it an APEX value is a code for "unknown"
_DIGITS = 6  # APEX values are rounded: no more digits of what is made of them count


def exposure_time_s(tags: Tags) -> float | None:
    """ExposureTime, else 2^-Tv of ShutterSpeedValue."""
    return _positive(tags, _EXPOSURE_TIME) or _by_apex(
        tags, _SHUTTER_SPEED_VALUE, lambda value: 2**-value
    )


def aperture_f_number(tags: Tags) -> float | None:
    """FNumber, else 2^(Av/2) of ApertureValue."""
    return _positive(tags, _F_NUMBER) or _by_apex(
        tags, _APERTURE_VALUE, lambda value: 2 ** (value / 2)
    )


def iso(tags: Tags) -> float | None:
    """PhotographicSensitivity; where it is missing or overflows, the tag that it stands for.

    Of a list the first speed counts that is one.
    """
    kind = _positive(tags, _SENSITIVITY_TYPE)
    order = (_SENSITIVITY, *_OF_TYPE.get(int(kind or 0), ()), _INDEX, _ISO_SPEED, _OUTPUT)
    for tag in order:
        for value in listed(tags.get(("exif", tag))):
            speed = _guarded(value)
            is_overflow = tag == _SENSITIVITY and speed == _OVERFLOW
            if speed is not None and speed < _MAX_ISO and not is_overflow:
                return speed
    return None


def ev100(found: Mapping[str, Any]) -> float | None:
    """log2(N^2 / t) - log2(ISO / 100): the exposure's EV at ISO 100, from the columns."""
    time_s, f_number, speed = (
        found.get(name) for name in ("exposure_time_s", "aperture_f_number", "iso")
    )
    if not (time_s and f_number and speed):
        return None
    # Sums of logarithms: a hostile file's 1e300 has no square.
    return round(2 * math.log2(f_number) - math.log2(time_s) - math.log2(speed) + math.log2(100), 4)


def _positive(tags: Tags, tag: int) -> float | None:
    return _guarded(tags.get(("exif", tag)))


def _guarded(value: Any) -> float | None:
    try:
        return positive(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _by_apex(tags: Tags, tag: int, convert: Callable[[float], float]) -> float | None:
    """A value out of its APEX form; exactly 0 is what cameras write that don't know it."""
    try:
        apex = number(tags["exif", tag])
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        return None
    if not apex or abs(apex) > _MAX_APEX:
        return None
    return float(f"{convert(apex):.{_DIGITS}g}")
