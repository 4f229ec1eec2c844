"""One file becomes upright sRGB working pixels and what is known of them.

Worker processes run this; it must never import torch.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from pathlib import Path
from typing import assert_never

import numpy as np
import PIL
import pillow_heif
from PIL import AvifImagePlugin, Image, features

from piqa_cli.errors import CaptureError
from piqa_cli.formats import SNIFF_BYTES, PictureFormat, other_format, sniff
from piqa_cli.read.color import profile_of, to_srgb
from piqa_cli.read.container import bit_depth, has_gain_map, raw_in_disguise
from piqa_cli.read.exif import read_exif
from piqa_cli.read.pixels import flatten, orient, orientation_of, reduce
from piqa_cli.read.text import clean_text
from piqa_cli.records import Exif, Photo, PhotoFacts
from piqa_cli.settings import MAX_PIXELS

READ_VERSION = f"read-1, littlecms {features.version('littlecms2')}"
"""Version of everything between a decoder's pixels and the working pixels; part of fingerprints."""

_PLUGIN: dict[PictureFormat, str] = {
    "jpeg": "JPEG",
    "png": "PNG",
    "tiff": "TIFF",
    "webp": "WEBP",
    "heic": "HEIF",
    "avif": "AVIF",
}

# Pictures are read one a process, so a decoder that starts threads of its own only gets in the way.
pillow_heif.register_heif_opener(
    thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
)
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
# Pillow's own limit only warns up to twice its value and then raises while opening, before the
# size is known. `_check_size` refuses by one limit, with the figures, before a pixel is decoded.
Image.MAX_IMAGE_PIXELS = None


def read_photo(file: Path, *, working_side_px: int | None) -> Photo:
    """Reads a picture: decode, orient, reduce to the working size, convert to sRGB.

    Args:
        file: a picture; its content decides the format, not its suffix (RAW aside).
        working_side_px: shorter side that larger pictures are reduced to; None: never reduced.

    Returns:
        Pixels (height, width, 3) uint8 and facts. The first frame where a file holds several;
        transparent parts are shown on white, as a page shows them.

    Raises:
        CaptureError: at stage `read`, with one line that says why. Nothing else escapes.
    """
    data, kind = _load(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns on stderr of oddities that do no harm
            return _photo(data, kind, working_side_px)
    except CaptureError:
        raise
    except MemoryError:
        raise CaptureError("read", "not enough memory to decode this picture") from None
    except Exception as error:  # decoders raise far more than they document
        raise CaptureError("read", _damaged(kind, error)) from error


def read_exif_again(file: Path) -> Exif:
    """The EXIF of a picture that was scored before, as today's readers see it.

    Raises:
        CaptureError: the file is no readable picture any more.
    """
    data, kind = _load(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read_exif(data, Image.open(io.BytesIO(data), formats=[_PLUGIN[kind]]))
    except Exception as error:
        raise CaptureError("read", _damaged(kind, error)) from error


def decoder_of(kind: PictureFormat) -> str:
    """Names the libraries and versions that make the pixels of a format.

    Known before decoding, so that a score can be looked up by it.
    """
    pillow = f"pillow {PIL.__version__}"
    match kind:
        case "jpeg":
            return f"{pillow}, {_jpeg_library()}"
        case "png":
            return pillow
        case "tiff":
            return f"{pillow}, libtiff {features.version('libtiff')}"
        case "webp":
            return f"{pillow}, libwebp {features.version('webp')}"
        case "avif":
            return f"{pillow}, libavif {features.version('avif')}"
        case "heic":
            versions = f"{pillow_heif.__version__}, libheif {pillow_heif.libheif_version()}"
            return f"pillow-heif {versions}, {pillow}"
        case _:
            assert_never(kind)


def _jpeg_library() -> str:
    turbo = features.version("libjpeg_turbo")
    return f"libjpeg-turbo {turbo}" if turbo else f"libjpeg {features.version('jpg')}"


def _load(file: Path) -> tuple[bytes, PictureFormat]:
    """The whole file, once what it is has been told by its first bytes."""
    try:
        with file.open("rb") as stream:
            header = stream.read(SNIFF_BYTES)
            kind = _kind(header, file.suffix)
            return header + stream.read(), kind
    except OSError as error:
        raise CaptureError("read", f"cannot be opened: {error.strerror or error}") from error
    except MemoryError:
        raise CaptureError("read", "not enough memory to read this file") from None


def _kind(header: bytes, suffix: str) -> PictureFormat:
    if not header:
        raise CaptureError("read", "the file is empty")
    match sniff(header, suffix):
        case None:
            if other := other_format(header):
                raise CaptureError(
                    "read", f"{other} is not supported: convert it to JPEG, PNG or TIFF first"
                )
            raise CaptureError(
                "read", "no picture: the content is not JPEG, PNG, TIFF, WebP, HEIC or AVIF"
            )
        case "raw":
            raise _raw_refused(suffix.lower())
        case kind:
            return kind


def _raw_refused(what: str) -> CaptureError:
    return CaptureError(
        "read", f"RAW ({what}) is not supported: convert it to JPEG, TIFF or HEIC first"
    )


def _photo(data: bytes, kind: PictureFormat, working_side_px: int | None) -> Photo:
    image = Image.open(io.BytesIO(data), formats=[_PLUGIN[kind]])
    if kind == "tiff" and (raw := raw_in_disguise(image, data)):
        raise _raw_refused(raw)
    _check_size(*image.size)
    depth = bit_depth(image, kind, data)
    exif = read_exif(data, image)
    profile = profile_of(image, kind, data)
    image.load()
    upright = orient(flatten(image, depth), orientation_of(image))
    width_px, height_px = upright.size
    working = to_srgb(reduce(upright, working_side_px), profile)
    pixels = np.array(working)
    facts = PhotoFacts(
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        format=kind,
        decoder=decoder_of(kind),
        width_px=width_px,
        height_px=height_px,
        working_width_px=working.width,
        working_height_px=working.height,
        bit_depth=depth,
        icc_profile=profile.description if profile else None,
        has_gain_map=has_gain_map(kind, data),
        exif=exif,
    )
    return Photo(facts, pixels)


def _check_size(width_px: int, height_px: int) -> None:
    if width_px * height_px > MAX_PIXELS:
        raise CaptureError(
            "read",
            f"{width_px} x {height_px} is {width_px * height_px / 1e6:.0f} megapixels, "
            f"more than the limit of {MAX_PIXELS / 1e6:.0f}",
        )


def _damaged(kind: PictureFormat, error: Exception) -> str:
    if isinstance(error, PIL.UnidentifiedImageError):  # its message holds a memory address
        return f"damaged {kind.upper()}, or a variant of it that isn't supported"
    detail = clean_text(" ".join(str(error).split())) or type(error).__name__
    return f"damaged {kind.upper()}: {detail}"
