"""ICC matrix profiles: made from chromaticities and a curve, judged by the colours they give."""

from __future__ import annotations

import io
import struct
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

Chromaticities = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
"""Chromaticities (x, y) of red, green and blue."""
Curve = tuple[float, ...]
"""Parameters of an ICC parametric curve: one is a gamma (type 0), five are type 3."""

D65_XY = (0.3127, 0.3290)
SRGB_XY: Chromaticities = ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060))
SRGB_CURVE: Curve = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)

_D50_XYZ = (0.9642, 1.0, 0.8249)  # ICC profile connection space
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
# Of 255. Vendors' sRGB profiles stay within 1: tables of 1,024 entries, primaries rounded to 16
# bits. The nearest other curve, a gamma of 2.2, is off by 7 in the shadows.
_SAME_WITHIN = 2
_STEPS = 9  # a side of the grid of colours


@lru_cache(maxsize=32)
def matrix_profile(
    name: str, primaries: Chromaticities, curve: Curve, white: tuple[float, float] = D65_XY
) -> bytes:
    """An ICC v4 display profile (ICC.1:2022, 8.3.3 and 10.18).

    Args:
        name: ASCII.
        primaries: chromaticities; they must span a triangle, or LinAlgError is raised.
        curve: from encoded values to linear light.
        white: chromaticity (x, y) of the white.
    """
    text = name.encode("utf-16-be")
    multi = b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(text), 28) + text
    tags = {b"desc": multi, b"cprt": multi, b"wtpt": b"XYZ \0\0\0\0" + _fixed(*_D50_XYZ)}
    kind = 0 if len(curve) == 1 else 3
    for letter, xyz in zip((b"r", b"g", b"b"), _colorants(primaries, white).T, strict=True):
        tags[letter + b"XYZ"] = b"XYZ \0\0\0\0" + _fixed(*xyz)
        tags[letter + b"TRC"] = b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + _fixed(*curve)
    return _assemble(tags)


def is_srgb(profile: bytes) -> bool:
    """Tells whether an RGB profile gives sRGB's colours, by what it does and not by its name.

    Raises:
        Exception: whatever littleCMS raises on profiles that can't be used.
    """
    return same_colors(profile, None)


def same_colors(first: bytes, second: bytes | None) -> bool:
    """Tells whether two RGB profiles give the same sRGB: greys and a grid of colours within 2.

    Args:
        first: an RGB profile.
        second: another; None: sRGB.
    """
    there = _PROBE if second is None else _converted(second)
    return bool(np.abs(_converted(first) - there).max() <= _SAME_WITHIN)


def transform_to_srgb(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform:
    """Relative colorimetric (ICC.1:2022, 6.3), from pixels of a Pillow mode to mode RGB."""
    return ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )


def _probe() -> NDArray[np.int16]:
    """All greys, and a grid of colours: (1, n, 3)."""
    steps = np.linspace(0, 255, _STEPS).round()
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
    greys = np.repeat(np.arange(256)[:, None], 3, axis=1)
    return np.concatenate([greys, grid])[None].astype(np.int16)


_PROBE = _probe()


def _converted(profile: bytes) -> NDArray[np.int16]:
    probe = Image.fromarray(_PROBE.astype(np.uint8))
    converted = ImageCms.applyTransform(probe, transform_to_srgb(profile, "RGB"))
    return np.asarray(converted).astype(np.int16)


def _colorants(primaries: Chromaticities, white_xy: tuple[float, float]) -> NDArray[np.float64]:
    """XYZ of red, green and blue as columns, adapted to D50 by Bradford (ICC.1:2022, annex E)."""
    white = _xyz(*white_xy)
    columns = np.array([_xyz(x, y) for x, y in primaries]).T
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
