"""Picture formats: one record each, and which of them a file is."""

from __future__ import annotations

from piqa_cli.formats.recognise import (
    FORMATS,
    PICTURE_SUFFIXES,
    RAW_SUFFIXES,
    SNIFF_BYTES,
    other_format,
    sniff,
    sniff_file,
)
from piqa_cli.formats.record import PARTIAL_FRAME, ColorCodes, Extra, PictureFormat

__all__ = [
    "FORMATS",
    "PARTIAL_FRAME",
    "PICTURE_SUFFIXES",
    "RAW_SUFFIXES",
    "SNIFF_BYTES",
    "ColorCodes",
    "Extra",
    "PictureFormat",
    "other_format",
    "sniff",
    "sniff_file",
]
