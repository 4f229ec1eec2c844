"""Tiny valid DNGs, written tag by tag: sensor values, and a preview in quite another colour."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

BYTE, ASCII, SHORT, LONG, RATIONAL, SRATIONAL = 1, 2, 3, 4, 5, 10
_LETTERS = {BYTE: "B", SHORT: "H", LONG: "I"}
_SIZES = {BYTE: 1, ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, SRATIONAL: 8}

BLACK, WHITE = 64, 1023  # sensor values, 10 bits
PREVIEW = (255, 0, 255)  # magenta, which no test's sensor sees

# From CIE XYZ at D65 to linear sRGB: a camera whose own primaries are those of sRGB.
SRGB_CAMERA = (3.2405, -1.5371, -0.4985, -0.9693, 1.8760, 0.0416, 0.0556, -0.2040, 1.0572)

Tag = tuple[int, int, Any]


def sensor(linear: np.ndarray, *, neutral: tuple[float, float, float] = (1, 1, 1)) -> np.ndarray:
    """Values (height, width) uint16 of an RGGB sensor that sees linear RGB (height, width, 3).

    Args:
        linear: 0..1, float.
        neutral: response of each channel to white.
    """
    seen = linear * np.asarray(neutral)
    mosaic = np.empty(linear.shape[:2])
    for row, column, channel in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        mosaic[row::2, column::2] = seen[row::2, column::2, channel]
    return np.round(BLACK + mosaic * (WHITE - BLACK)).clip(0, WHITE).astype("<u2")


def dng(
    mosaic: np.ndarray,
    *,
    orientation: int = 1,
    neutral: tuple[float, float, float] = (1, 1, 1),
    baseline_ev: float | None = None,
    monochrome: bool = False,
    exif: tuple[Tag, ...] = (),
) -> bytes:
    """Bytes of a DNG 1.4: first directory a preview, in SubIFDs the sensor, uncompressed.

    Args:
        mosaic: as `sensor` makes it.
        orientation: EXIF's 1..8.
        neutral: response of each channel to white, as AsShotNeutral states it.
        baseline_ev: BaselineExposure; None: not stated.
        monochrome: the sensor has no colour filters.
        exif: tags of the EXIF directory.
    """
    height, width = mosaic.shape
    preview = bytes(PREVIEW) * (16 * 16)
    main = [
        (254, LONG, [1]),  # NewSubfileType: a reduced version
        *_strip(16, 16, [8, 8, 8], compression=1, photometric=2),
        (271, ASCII, "Piqa"),
        (272, ASCII, "Test Sensor"),
        (274, SHORT, [orientation]),
        (50706, BYTE, [1, 4, 0, 0]),  # DNGVersion
        (50708, ASCII, "Piqa Test Sensor"),  # UniqueCameraModel
        (50721, SRATIONAL, SRGB_CAMERA),  # ColorMatrix1
        (50728, RATIONAL, neutral),  # AsShotNeutral
        (50778, SHORT, [21]),  # CalibrationIlluminant1: D65
    ]
    if baseline_ev is not None:
        main.append((50730, SRATIONAL, [baseline_ev]))
    pattern = [
        (33421, SHORT, [2, 2]),  # CFARepeatPatternDim
        (33422, BYTE, [0, 1, 1, 2]),  # CFAPattern: RGGB
    ]
    photometric = 34892 if monochrome else 32803
    raw = [
        (254, LONG, [0]),
        *_strip(width, height, [16], compression=1, photometric=photometric),
        *([] if monochrome else pattern),
        (50714, SHORT, [BLACK]),
        (50717, SHORT, [WHITE]),
    ]
    return _file(main, raw, list(exif), preview, mosaic.astype("<u2").tobytes())


def _strip(
    width: int, height: int, bits: list[int], *, compression: int, photometric: int
) -> list[Tag]:
    """Tags of a picture in one strip; where it lies is filled in later."""
    return [
        (256, LONG, [width]),
        (257, LONG, [height]),
        (258, SHORT, bits),
        (259, SHORT, [compression]),
        (262, SHORT, [photometric]),
        (277, SHORT, [len(bits)]),
        (278, LONG, [height]),
        (279, LONG, [width * height * sum(bits) // 8]),
        (284, SHORT, [1]),
    ]


def _file(main: list[Tag], raw: list[Tag], exif: list[Tag], preview: bytes, pixels: bytes) -> bytes:
    """Directories first, then what they point at: a cut file loses sensor values."""

    def layout(ends: dict[str, int]) -> tuple[bytes, dict[str, int]]:
        links = [(330, LONG, [ends["raw"]])] + ([(34665, LONG, [ends["exif"]])] if exif else [])
        data = b"II*\0" + struct.pack("<I", 8)
        data += _directory([*main, *links, (273, LONG, [ends["preview"]])], len(data))
        found = {"raw": len(data)}
        data += _directory([*raw, (273, LONG, [ends["pixels"]])], len(data))
        found["exif"] = len(data)
        data += _directory(exif, len(data)) if exif else b""
        found["preview"] = len(data)
        found["pixels"] = len(data) + len(preview)
        return data, found

    _, places = layout(dict.fromkeys(("raw", "exif", "preview", "pixels"), 0))
    return layout(places)[0] + preview + pixels


def _directory(tags: list[Tag], start: int) -> bytes:
    """A directory that lies at `start`, with the values that don't fit into its entries."""
    entries, behind = b"", b""
    values_at = start + 2 + 12 * len(tags) + 4
    for tag, kind, values in sorted(tags, key=lambda row: row[0]):
        packed = _packed(kind, values)
        count = len(packed) // _SIZES[kind]
        if len(packed) > 4:
            entries += struct.pack("<HHII", tag, kind, count, values_at + len(behind))
            behind += packed + b"\0" * (len(packed) % 2)
        else:
            entries += struct.pack("<HHI", tag, kind, count) + packed.ljust(4, b"\0")
    return struct.pack("<H", len(tags)) + entries + bytes(4) + behind


def _packed(kind: int, values: Any) -> bytes:
    if kind == ASCII:
        return values.encode() + b"\0"
    if kind in (RATIONAL, SRATIONAL):
        letters = "<II" if kind == RATIONAL else "<ii"
        return b"".join(struct.pack(letters, round(value * 10_000), 10_000) for value in values)
    return struct.pack(f"<{len(values)}{_LETTERS[kind]}", *values)
