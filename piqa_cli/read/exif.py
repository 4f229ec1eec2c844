"""EXIF as typed columns in SI units, from two readers under guard."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

import exifread
import PIL
from PIL import Image

from piqa_cli.read import exif_words as words
from piqa_cli.read.exif_readers import Ifd, Tags, exifread_tags, pillow_tags
from piqa_cli.read.text import clean_text
from piqa_cli.records import Exif

Convert = Callable[[Any], object]
_ISO_OVERFLOW = 65535  # ISO speeds beyond the 16-bit tag stand in other tags
EXIF_VERSION = f"exif-1, exifread {exifread.__version__}, pillow {PIL.__version__}"
"""Version of everything that turns a file into an `Exif`; no part of fingerprints."""

_MAX_EV = 100.0  # beyond it an APEX value is a code for "unknown"


def read_exif(data: bytes, image: Image.Image) -> Exif:
    """Reads EXIF: exifread first, Pillow for what it left out. Never raises.

    GPS positions, serial numbers and names of people are not looked at.

    Args:
        data: the whole file.
        image: the same picture, opened by Pillow and not yet loaded.

    Returns:
        What was found; `reader` names the readers that gave something, `error` what they raised.
    """
    errors: list[str] = []
    primary = _guarded("exifread", lambda: exifread_tags(data), errors)
    filling = _guarded("pillow", lambda: pillow_tags(image), errors)
    fields = _fields(primary)
    filled = {name: value for name, value in _fields(filling).items() if name not in fields}
    readers = [name for name, got in (("exifread", fields), ("pillow", filled)) if got]
    both = {**filled, **fields}
    return Exif(
        **both,
        ev100=_ev100(both),
        reader="+".join(readers) or None,
        error="; ".join(errors) or None,
    )


def _guarded(name: str, read: Callable[[], Tags], errors: list[str]) -> Tags:
    try:
        return read()
    except Exception as error:  # hostile files make both raise nearly anything
        message = clean_text(f"{name}: {type(error).__name__} {error}")
        errors.append(message or name)
        return {}


def _fields(tags: Tags) -> dict[str, Any]:
    """The columns that a tag table fills, converted; nothing for what it lacks."""
    found: dict[str, Any] = {}
    for column, (ifd, tag, convert) in _COLUMNS.items():
        try:
            value = convert(tags[ifd, tag])
        except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError, OverflowError):
            continue
        if value is not None:
            found[column] = value
    if (iso := _iso(tags)) is not None:
        found["iso"] = iso
    if (captured_at := _captured_at(tags)) is not None:
        found["captured_at"] = captured_at
    return found


def _first(value: Any) -> Any:
    """The first of several values; both readers give one value sometimes bare, sometimes listed."""
    return value[0] if isinstance(value, (list, tuple)) else value


def _number(value: Any) -> float | None:
    """A finite number; None for 0/0 and its like."""
    try:
        number = float(_first(value))
    except ZeroDivisionError:
        return None
    return number if math.isfinite(number) else None


def _positive(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and number > 0 else None


def _ev(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and abs(number) < _MAX_EV else None


def _zoom(value: Any) -> float | None:
    """Zero means that digital zoom was not used (CIPA DC-008, DigitalZoomRatio): 1 x."""
    number = _number(value)
    return None if number is None or number < 0 else number or 1.0


def _orientation(value: Any) -> int | None:
    number = int(_first(value))
    return number if 1 <= number <= 8 else None


def _words(choices: words.Words, *, unknown: int | None = None) -> Convert:
    return lambda value: words.word(int(_first(value)), choices, unknown=unknown)


def _iso(tags: Tags) -> float | None:
    """PhotographicSensitivity, else, where it overflows, RecommendedExposureIndex or ISOSpeed."""
    for tag in (0x8827, 0x8832, 0x8833):
        try:
            iso = _positive(tags["exif", tag])
        except (KeyError, TypeError, ValueError, IndexError):
            continue
        if iso is not None and iso != _ISO_OVERFLOW:
            return iso
    return None


def _captured_at(tags: Tags) -> str | None:
    """The camera's clock as ISO 8601, with fraction and offset where they are given."""
    for time_tag, fraction_tag, offset_tag in ((0x9003, 0x9291, 0x9011), (0x9004, 0x9292, 0x9012)):
        time = clean_text(tags.get(("exif", time_tag)))
        try:
            stamp = datetime.strptime(time or "", "%Y:%m:%d %H:%M:%S").isoformat()
        except ValueError:
            continue
        fraction = clean_text(tags.get(("exif", fraction_tag))) or ""
        if fraction.isascii() and fraction.isdigit():
            stamp += f".{fraction[:6]}"
        return stamp + _offset(clean_text(tags.get(("exif", offset_tag))))
    return None


def _offset(text: str | None) -> str:
    """`+02:00` where the camera knew it; empty for anything else."""
    try:
        datetime.strptime(text or "", "%z")
    except ValueError:
        return ""
    return text or ""


def _ev100(found: dict[str, Any]) -> float | None:
    """log2(N^2 / t) - log2(ISO / 100): the exposure's EV at ISO 100."""
    time_s, f_number, iso = (
        found.get(name) for name in ("exposure_time_s", "aperture_f_number", "iso")
    )
    if not (time_s and f_number and iso):
        return None
    # Sums of logarithms: a hostile file's 1e300 has no square.
    return round(2 * math.log2(f_number) - math.log2(time_s) - math.log2(iso) + math.log2(100), 4)


_COLUMNS: dict[str, tuple[Ifd, int, Convert]] = {
    "make": ("image", 0x010F, clean_text),
    "model": ("image", 0x0110, clean_text),
    "software": ("image", 0x0131, clean_text),
    "orientation": ("image", 0x0112, _orientation),
    "lens_make": ("exif", 0xA433, clean_text),
    "lens_model": ("exif", 0xA434, clean_text),
    "exposure_time_s": ("exif", 0x829A, _positive),
    "aperture_f_number": ("exif", 0x829D, _positive),
    "exposure_bias_ev": ("exif", 0x9204, _ev),
    "brightness_ev": ("exif", 0x9203, _ev),
    "exposure_program": ("exif", 0x8822, _words(words.EXPOSURE_PROGRAM, unknown=0)),
    "exposure_mode": ("exif", 0xA402, _words(words.EXPOSURE_MODE)),
    "metering_mode": ("exif", 0x9207, _words(words.METERING_MODE, unknown=0)),
    "flash": ("exif", 0x9209, lambda value: words.flash_words(int(_first(value)))),
    "white_balance": ("exif", 0xA403, _words(words.WHITE_BALANCE)),
    "light_source": ("exif", 0x9208, _words(words.LIGHT_SOURCE, unknown=0)),
    "focal_length_mm": ("exif", 0x920A, _positive),
    "focal_length_35mm_mm": ("exif", 0xA405, _positive),
    "digital_zoom_ratio": ("exif", 0xA404, _zoom),
    "scene_capture_type": ("exif", 0xA406, _words(words.SCENE_CAPTURE_TYPE)),
    "custom_rendered": ("exif", 0xA401, _words(words.CUSTOM_RENDERED)),
    "composite_image": ("exif", 0xA460, _words(words.COMPOSITE_IMAGE, unknown=0)),
    "color_space": ("exif", 0xA001, _words(words.COLOR_SPACE)),
}
