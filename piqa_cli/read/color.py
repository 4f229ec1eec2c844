"""Embedded colour profiles to sRGB, relative colorimetric (ICC.1:2022, section 6.3)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageCms

from piqa_cli.formats import PictureFormat
from piqa_cli.read.coding import profile_by_code
from piqa_cli.read.pixels import as_mode
from piqa_cli.read.text import clean_text

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


def profile_of(image: Image.Image, kind: PictureFormat, data: bytes) -> Profile | None:
    """The colour profile of an opened picture: embedded, else by code; None: neither, so sRGB.

    Raises:
        CaptureError: see `coding.profile_by_code`.
    """
    if embedded := image.info.get("icc_profile"):
        return _profile(bytes(embedded))
    if coded := profile_by_code(kind.color_codes(image, data)):
        return Profile(coded[1], coded[0], "RGB")
    return None


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
    if profile is None or profile.mode is None:
        return as_mode(image, "RGB")
    if image.mode == "L" and profile.mode == "RGB":  # a grey picture with a colour profile
        image = image.convert("RGB")
    if image.mode != profile.mode:
        return as_mode(image, "RGB")
    return _apply(image, _transform(profile.data, profile.mode))


@lru_cache(maxsize=32)
def _profile(data: bytes) -> Profile:
    try:
        icc = ImageCms.ImageCmsProfile(io.BytesIO(data))
        description = clean_text(ImageCms.getProfileDescription(icc)) or "unnamed"
        mode = _MODE_OF_SPACE.get(icc.profile.xcolor_space.strip())
        if mode and not _is_srgb(description):
            _transform(data, mode)  # some profiles open and then can't be used
            return Profile(data, description, mode)
        return Profile(data, description, None)
    except Exception:  # a broken profile must not cost the picture
        return Profile(data, _UNREADABLE, None)


def _is_srgb(description: str) -> bool:
    name = description.lower()
    return name == "c2" or (name.startswith("srgb") and "linear" not in name)  # c2: Facebook's tiny


@lru_cache(maxsize=32)
def _transform(data: bytes, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(data)),
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )


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
