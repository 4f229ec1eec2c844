"""EXIF as typed columns in SI units, from two readers under guard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import exifread
import PIL
from PIL import Image

from piqa_cli.read import exif_words as words
from piqa_cli.read.exif_clock import captured_at
from piqa_cli.read.exif_exposure import aperture_f_number, ev100, exposure_time_s, iso
from piqa_cli.read.exif_readers import Ifd, Tags, exifread_tags, pillow_tags
from piqa_cli.read.exif_values import first, number, positive
from piqa_cli.read.text import clean_text, error_words
from piqa_cli.records import Exif

Convert = Callable[[Any], object]
EXIF_VERSION = f"exif-2, exifread {exifread.__version__}, pillow {PIL.__version__}"
"""Version of everything that turns a file into an `Exif`; no part of fingerprints."""

_MAX_EV = 100.0  # beyond it an APEX value is a code for "unknown"
_COLOR_SPACE = 0xA001
_INTEROPERABILITY_INDEX = 0x0001
_ADOBE_RULE = "R03"
_UNCALIBRATED = 65535


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
        ev100=ev100(both),
        reader="+".join(readers) or None,
        error="; ".join(errors) or None,
    )


def _guarded(name: str, read: Callable[[], Tags], errors: list[str]) -> Tags:
    try:
        return read()
    except Exception as error:  # hostile files make both raise nearly anything
        errors.append(f"{name}: {error_words(error)}")
        return {}


def _fields(tags: Tags) -> dict[str, Any]:
    """The columns that a tag table fills, converted; nothing for what it lacks."""
    found: dict[str, Any] = {}
    for column, derive in _COLUMNS.items():
        try:
            value = derive(tags)
        except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError, OverflowError):
            continue
        if value is not None:
            found[column] = value
    return found


def _ev(value: Any) -> float | None:
    found = number(value)
    return found if found is not None and abs(found) < _MAX_EV else None


def _zoom(value: Any) -> float | None:
    """Zero means that digital zoom was not used (CIPA DC-008, DigitalZoomRatio): 1 x."""
    found = number(value)
    return None if found is None or found < 0 else found or 1.0


def _orientation(value: Any) -> int | None:
    found = int(first(value))
    return found if 1 <= found <= 8 else None


def _words(choices: words.Words, *, unknown: int | None = None) -> Convert:
    return lambda value: words.word(int(first(value)), choices, unknown=unknown)


def _tag(ifd: Ifd, tag: int, convert: Convert) -> Callable[[Tags], object]:
    return lambda tags: convert(tags[ifd, tag])


def _color_space(tags: Tags) -> str | None:
    """ColorSpace; Adobe RGB, which has no number of its own there, by InteroperabilityIndex R03.

    Some cameras write a 2 for it, which no standard knows.
    """
    stated = int(first(tags.get(("exif", _COLOR_SPACE), _UNCALIBRATED)))
    rule = clean_text(tags.get(("interop", _INTEROPERABILITY_INDEX)))
    if rule == _ADOBE_RULE and stated == _UNCALIBRATED:
        return words.COLOR_SPACE[2]
    if ("exif", _COLOR_SPACE) not in tags:
        return None
    return words.word(stated, words.COLOR_SPACE, unknown=None)


_COLUMNS: dict[str, Callable[[Tags], object]] = {
    "make": _tag("image", 0x010F, clean_text),
    "model": _tag("image", 0x0110, clean_text),
    "software": _tag("image", 0x0131, clean_text),
    "orientation": _tag("image", 0x0112, _orientation),
    "lens_make": _tag("exif", 0xA433, clean_text),
    "lens_model": _tag("exif", 0xA434, clean_text),
    "exposure_bias_ev": _tag("exif", 0x9204, _ev),
    "brightness_ev": _tag("exif", 0x9203, _ev),
    "exposure_program": _tag("exif", 0x8822, _words(words.EXPOSURE_PROGRAM, unknown=0)),
    "exposure_mode": _tag("exif", 0xA402, _words(words.EXPOSURE_MODE)),
    "metering_mode": _tag("exif", 0x9207, _words(words.METERING_MODE, unknown=0)),
    "flash": _tag("exif", 0x9209, lambda value: words.flash_words(int(first(value)))),
    "white_balance": _tag("exif", 0xA403, _words(words.WHITE_BALANCE)),
    "light_source": _tag("exif", 0x9208, _words(words.LIGHT_SOURCE, unknown=0)),
    "focal_length_mm": _tag("exif", 0x920A, positive),
    "focal_length_35mm_mm": _tag("exif", 0xA405, positive),
    "digital_zoom_ratio": _tag("exif", 0xA404, _zoom),
    "scene_capture_type": _tag("exif", 0xA406, _words(words.SCENE_CAPTURE_TYPE)),
    "custom_rendered": _tag("exif", 0xA401, _words(words.CUSTOM_RENDERED)),
    "composite_image": _tag("exif", 0xA460, _words(words.COMPOSITE_IMAGE, unknown=0)),
    "exposure_time_s": exposure_time_s,
    "aperture_f_number": aperture_f_number,
    "iso": iso,
    "captured_at": captured_at,
    "color_space": _color_space,
}
