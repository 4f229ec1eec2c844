"""Small pictures of real texture in every format that is read, as the bytes of files."""

from __future__ import annotations

import functools
import io
import random
import struct
import zlib
from dataclasses import dataclass

import numpy as np
import pillow_heif
from PIL import Image, ImageCms
from skimage import data

from piqa_cli.formats import FORMATS

pillow_heif.register_heif_opener()

# What an extra reads is damaged in the tests of its format.
FUZZED = tuple(name for name, kind in FORMATS.items() if kind.extra is None)


@dataclass(frozen=True, slots=True)
class Whole:
    """A file without damage.

    Attributes:
        name: of the variant.
        format: as `piqa_cli.formats.FORMATS` names it.
        data: the whole file.
    """

    name: str
    format: str
    data: bytes


@functools.cache
def wholes(format_name: str) -> tuple[Whole, ...]:
    """All variants of a format, made anew from the same pixels."""
    makers = {
        "jpeg": _jpegs,
        "png": _pngs,
        "tiff": _tiffs,
        "webp": _webps,
        "heic": _heics,
        "avif": _avifs,
    }
    made = makers[format_name]()
    return tuple(Whole(name, format_name, content) for name, content in made.items())


@functools.cache
def _portrait() -> Image.Image:
    """A portrait, 320 x 280."""
    return Image.fromarray(data.astronaut()).crop((0, 0, 512, 448)).resize((320, 280))


def _saved(image: Image.Image, plugin: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format=plugin, **options)
    return stream.getvalue()


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110] = 6, "Maker", "Phone"
    return exif.tobytes()


def _srgb() -> bytes:
    """A profile with a fixed date, where lcms writes today's."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile[:24] + struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + profile[36:]


def _jpegs() -> dict[str, bytes]:
    picture = _portrait()
    plain = _saved(picture, "JPEG", quality=90)
    film = struct.pack(">I4s4s", 16, b"ftyp", b"mp42") + bytes(4) + random.Random(1).randbytes(4000)
    small = picture.convert("L").resize((80, 70))
    several = {"save_all": True, "append_images": [small]}
    return {
        "jpeg baseline": plain,
        "jpeg progressive": _saved(picture, "JPEG", quality=90, progressive=True),
        "jpeg restarts": _saved(picture, "JPEG", quality=90, restart_marker_blocks=10),
        "jpeg full colour": _saved(picture, "JPEG", quality=95, subsampling=0, optimize=True),
        "jpeg turned": _saved(picture, "JPEG", quality=85, exif=_exif(), icc_profile=_srgb()),
        "jpeg and film": plain + film,
        "jpeg and gain map": _saved(picture, "MPO", quality=90, **several),
    }


def _pngs() -> dict[str, bytes]:
    picture = _portrait()
    small = picture.resize((200, 175))
    deep = np.asarray(small.convert("L")).astype(np.uint16) * 257
    return {
        "png 8 bits": _saved(small, "PNG", exif=_exif(), icc_profile=_srgb()),
        "png 16 bits": _saved(Image.fromarray(deep), "PNG"),
        "png palette": _saved(picture.quantize(200), "PNG"),
    }


def _tiffs() -> dict[str, bytes]:
    picture = _portrait().resize((240, 210))
    strips = {"strip_size": 12_000}
    return {
        "tiff plain": _saved(picture, "TIFF", **strips),
        "tiff deflate": _saved(picture, "TIFF", compression="tiff_adobe_deflate", **strips),
        "tiff lzw": _saved(picture, "TIFF", compression="tiff_lzw", **strips),
        "tiff packbits": _saved(picture, "TIFF", compression="packbits", **strips),
        "tiff jpeg": _saved(picture, "TIFF", compression="jpeg", **strips),
        "tiff tiles": _tiles(np.asarray(picture)),
    }


def _tiles(pixels: np.ndarray, side: int = 64) -> bytes:
    """A TIFF of deflated tiles, which Pillow reads but doesn't write."""
    height, width, _ = pixels.shape
    padded = np.pad(pixels, ((0, -height % side), (0, -width % side), (0, 0)))
    packed = [
        zlib.compress(padded[top : top + side, left : left + side].tobytes())
        for top in range(0, height, side)
        for left in range(0, width, side)
    ]
    lengths = [len(tile) for tile in packed]
    count, entries = len(packed), 10
    values = 8 + 2 + 12 * entries + 4
    bits, offsets_at = values, values + 6
    lengths_at = offsets_at + 4 * count
    first = lengths_at + 4 * count
    offsets = [first + sum(lengths[:place]) for place in range(count)]
    tags = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 3, bits), (259, 3, 1, 8),
        (262, 3, 1, 2), (277, 3, 1, 3), (322, 4, 1, side), (323, 4, 1, side),
        (324, 4, count, offsets_at), (325, 4, count, lengths_at),
    ]  # fmt: skip
    return b"".join([
        struct.pack("<2sHIH", b"II", 42, 8, entries),
        *(struct.pack("<HHII", *tag) for tag in tags),
        bytes(4),
        struct.pack("<3H", 8, 8, 8),
        struct.pack(f"<{count}I", *offsets),
        struct.pack(f"<{count}I", *lengths),
        *packed,
    ])  # fmt: skip


def _webps() -> dict[str, bytes]:
    picture = _portrait()
    extended = {"exif": _exif(), "icc_profile": _srgb()}
    return {
        "webp lossy": _saved(picture, "WEBP", quality=90),
        "webp extended": _saved(picture, "WEBP", quality=80, **extended),
        "webp lossless": _saved(picture.resize((240, 210)), "WEBP", lossless=True, method=2),
    }


def _heics() -> dict[str, bytes]:
    picture = _portrait()
    deep = np.asarray(picture).astype(np.uint16) * 257
    stream = io.BytesIO()
    pillow_heif.encode("RGB;16", picture.size, deep.tobytes(), stream, quality=85)
    return {
        "heic single": _saved(picture, "HEIF", quality=85),
        "heic turned": _saved(picture, "HEIF", quality=70, exif=_exif(), icc_profile=_srgb()),
        "heic in one go": _saved(picture, "HEIF", quality=85, enc_params={"x265:wpp": "0"}),
        "heic grid": _saved(picture, "HEIF", quality=85, tile_size=128),
        "heic 10 bits": stream.getvalue(),
    }


def _avifs() -> dict[str, bytes]:
    picture = _portrait()
    return {
        "avif single": _saved(picture, "AVIF", quality=85, speed=9, max_threads=1),
        "avif turned": _saved(
            picture, "AVIF", quality=70, speed=9, max_threads=1, exif=_exif(), icc_profile=_srgb()
        ),
    }
