"""EXIF's numbered choices as words (CIPA DC-008-2023, 4.6.6; CustomRendered also Apple's)."""

from __future__ import annotations

Words = dict[int, str]

EXPOSURE_PROGRAM: Words = {
    1: "manual",
    2: "normal program",
    3: "aperture priority",
    4: "shutter priority",
    5: "creative program",
    6: "action program",
    7: "portrait mode",
    8: "landscape mode",
}
EXPOSURE_MODE: Words = {0: "auto", 1: "manual", 2: "auto bracket"}
METERING_MODE: Words = {
    1: "average",
    2: "centre-weighted average",
    3: "spot",
    4: "multi-spot",
    5: "pattern",
    6: "partial",
    255: "other",
}
WHITE_BALANCE: Words = {0: "auto", 1: "manual"}
LIGHT_SOURCE: Words = {
    1: "daylight",
    2: "fluorescent",
    3: "tungsten",
    4: "flash",
    9: "fine weather",
    10: "cloudy",
    11: "shade",
    12: "daylight fluorescent",
    13: "day white fluorescent",
    14: "cool white fluorescent",
    15: "white fluorescent",
    16: "warm white fluorescent",
    17: "standard light A",
    18: "standard light B",
    19: "standard light C",
    20: "D55",
    21: "D65",
    22: "D75",
    23: "D50",
    24: "studio tungsten",
    255: "other",
}
SCENE_CAPTURE_TYPE: Words = {0: "standard", 1: "landscape", 2: "portrait", 3: "night"}
CUSTOM_RENDERED: Words = {
    0: "normal",
    1: "custom",
    2: "HDR (no original saved)",
    3: "HDR (original saved)",
    4: "original (for HDR)",
    6: "panorama",
    7: "portrait HDR",
    8: "portrait",
}
COMPOSITE_IMAGE: Words = {1: "not composite", 2: "composite", 3: "composite while shooting"}
COLOR_SPACE: Words = {1: "sRGB", 2: "Adobe RGB", 65535: "uncalibrated"}

_FLASH_MODES = {1: "forced on", 2: "forced off", 3: "auto"}


def word(value: int, words: Words, *, unknown: int | None = 0) -> str | None:
    """The word of a number; None where the standard says that it means unknown.

    >>> word(5, METERING_MODE), word(0, METERING_MODE), word(99, METERING_MODE)
    ('pattern', None, 'other (99)')
    """
    if value in words:
        return words[value]
    return None if value == unknown else f"other ({value})"


def flash_words(bits: int) -> str:
    """EXIF Flash: bit 0 fired, bits 3-4 mode, bit 5 no flash on this camera, bit 6 red-eye.

    >>> flash_words(0x19), flash_words(0x10), flash_words(0x20)
    ('fired, auto', 'not fired, forced off', 'no flash')
    """
    if bits & 0x20:
        return "no flash"
    parts = ["fired" if bits & 1 else "not fired"]
    if mode := _FLASH_MODES.get((bits >> 3) & 3):
        parts.append(mode)
    if bits & 0x40:
        parts.append("red-eye reduction")
    return ", ".join(parts)
