"""Colour profiles to sRGB, relative colorimetric (ICC.1:2022, section 6.3).

Colours of a picture, the first that is stated: a PNG's cICP (unless for HDR, where a profile is
there), the embedded ICC profile, other code points, a PNG's sRGB, gAMA and cHRM, Adobe RGB by
EXIF. Else they are sRGB.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageCms

from piqa_cli.formats import ColorCodes, PictureFormat
from piqa_cli.read.coding import Stated, by_code, by_exif, by_png_chunks, is_hdr
from piqa_cli.read.icc import is_srgb, same_colors, transform_to_srgb
from piqa_cli.read.pixels import as_mode
from piqa_cli.read.text import clean_text
from piqa_cli.records import Exif

_MODE_OF_SPACE = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}
_UNREADABLE = "unreadable (sRGB assumed)"


@dataclass(frozen=True, slots=True)
class Profile:
    """A colour profile.

    Attributes:
        data: the ICC profile.
        description: its own name, cleaned for tables.
        mode: Pillow mode of the pixels that it describes; None: unusable or already sRGB.
    """

    data: bytes
    description: str
    mode: str | None


def profile_of(
    image: Image.Image, kind: PictureFormat, data: bytes, *, exif: Exif
) -> Profile | None:
    """The colour profile of an opened picture; None: none is stated or it was rendered, so sRGB.

    Args:
        image: opened by Pillow.
        kind: its format.
        data: the whole file.
        exif: of the same file.

    Raises:
        CaptureError: coded for HDR displays with no profile for others, or nonsense is stated.
    """
    if kind.is_rendered:
        return None
    embedded = _embedded(image)
    if embedded and embedded.description != _UNREADABLE and kind.name != "png":
        return embedded  # of two statements it is the one that SDR viewers show
    codes = kind.color_codes(image, data)
    if embedded and embedded.description != _UNREADABLE and not _overruled(embedded, codes):
        return embedded
    stated = by_code(codes)
    if stated is None and kind.name == "png":
        stated = by_png_chunks(image.info)
    stated = stated or by_exif(exif)
    if stated is None or (stated.icc is None and embedded is None):
        return embedded
    return _made(stated)


def is_plain(profile: Profile | None) -> bool:
    """True where RGB pixels with this profile are taken as sRGB."""
    return profile is None or profile.mode is None


def to_srgb(image: Image.Image, profile: Profile | None) -> Image.Image:
    """Converts flattened pixels to sRGB.

    Without a profile, or where it is unusable or doesn't fit the pixels, greys and colours are
    taken as sRGB and CMYK is converted by Pillow's plain formula.

    Args:
        image: mode L, RGB, CMYK or LAB.
        profile: of the same picture.

    Returns:
        Mode RGB.
    """
    if image.mode == "LAB":
        return _apply(image, _lab_transform())
    if profile is None or is_plain(profile):
        return as_mode(image, "RGB")
    if image.mode == "L" and profile.mode == "RGB":  # a grey picture with a colour profile
        image = image.convert("RGB")
    if image.mode != profile.mode:
        return as_mode(image, "RGB")
    return _apply(image, _transform(profile.data, profile.mode))


def _embedded(image: Image.Image) -> Profile | None:
    data = image.info.get("icc_profile")
    return _profile(bytes(data)) if data else None


def _overruled(embedded: Profile, codes: ColorCodes | None) -> bool:
    """Tells whether a PNG's cICP stands above its profile (PNG, third edition, 4.3).

    Not where cICP is of an HDR display: the profile is then what other displays are meant to
    use. Nor where both give the same colours: its conversion is the one in use for long.
    """
    stated = None if is_hdr(codes) else by_code(codes)
    if stated is None:
        return False
    if embedded.mode is None:  # sRGB
        return stated.icc is not None
    return embedded.mode != "RGB" or not same_colors(embedded.data, stated.icc)


def _made(stated: Stated) -> Profile:
    if stated.icc is None:
        return Profile(b"", stated.name, None)
    return Profile(stated.icc, stated.name, "RGB")


@lru_cache(maxsize=32)
def _profile(data: bytes) -> Profile:
    try:
        icc = ImageCms.ImageCmsProfile(io.BytesIO(data))
        description = clean_text(ImageCms.getProfileDescription(icc)) or "unnamed"
        mode = _MODE_OF_SPACE.get(icc.profile.xcolor_space.strip())
        if mode == "RGB" and is_srgb(data):
            return Profile(data, description, None)
        if mode:
            _transform(data, mode)  # some profiles open and then can't be used
        return Profile(data, description, mode)
    except Exception:  # a broken profile must not cost the picture
        return Profile(data, _UNREADABLE, None)


_transform = lru_cache(maxsize=32)(transform_to_srgb)


@lru_cache(maxsize=1)
def _lab_transform() -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        ImageCms.createProfile("LAB"),
        ImageCms.createProfile("sRGB"),
        "LAB",
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )


def _apply(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    converted = ImageCms.applyTransform(image, transform)
    if converted is None:
        raise ValueError("the colour profile can't be applied")
    return converted
