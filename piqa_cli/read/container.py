"""What a file's bytes tell beyond its pixels: bit depth, HDR gain map, RAW in disguise."""

from __future__ import annotations

import re

from PIL import Image

from piqa_cli.formats import PictureFormat

_BITS_PER_SAMPLE_TAG = 258
_NEW_SUBFILE_TYPE_TAG = 254  # bit 0: a reduced version of another picture in the file
_DNG_VERSION_TAG = 50706
_PNG_DEPTH_OFFSET = 24  # in IHDR, which stands first
_GAIN_MAP_MARKS = (
    b"http://ns.adobe.com/hdr-gain-map/1.0/",  # Ultra HDR: XMP of the base picture
    b"urn:iso:std:iso:ts:21496:-1",  # ISO 21496-1: APP2 segment
    b":aux:hdrgainmap",  # Apple: auxiliary picture type
)
_TONE_MAP_ITEM = re.compile(rb"infe\x02.{7}tmap", re.DOTALL)  # ISO 21496-1 in HEIC and AVIF


def bit_depth(image: Image.Image, kind: PictureFormat, data: bytes) -> int:
    """Bits per channel in the file (of the index, where there is a palette)."""
    match kind:
        case "png":
            return data[_PNG_DEPTH_OFFSET]
        case "tiff":
            bits = getattr(image, "tag_v2", {}).get(_BITS_PER_SAMPLE_TAG, (1,))
            return max(bits) if isinstance(bits, tuple) else int(bits)
        case "heic":
            return int(image.info.get("bit_depth", 8))
        case "avif":
            return _avif_depth(data)
        case "jpeg" | "webp":
            return 8  # Pillow decodes no other JPEGs, and WebP knows no other depth


def has_gain_map(kind: PictureFormat, data: bytes) -> bool:
    """Whether an HDR gain map is in the file (its SDR base is what gets decoded)."""
    if kind in ("heic", "avif") and _TONE_MAP_ITEM.search(data):
        return True
    return any(mark in data for mark in _GAIN_MAP_MARKS)


def raw_in_disguise(image: Image.Image, data: bytes) -> str | None:
    """Names the RAW kind of a TIFF whose first picture is a preview; None for real TIFFs."""
    tags = getattr(image, "tag_v2", {})
    if data[8:10] == b"CR":
        return "CR2 named as TIFF"
    if _DNG_VERSION_TAG in tags:
        return "DNG named as TIFF"
    if tags.get(_NEW_SUBFILE_TYPE_TAG, 0) & 1:
        return "a TIFF that starts with a preview"
    return None


def _avif_depth(data: bytes) -> int:
    """From the AV1 configuration box: version, profile, then the bits high and twelve."""
    start = data.find(b"av1C")
    if start < 0 or start + 6 >= len(data):
        return 8
    flags = data[start + 6]
    if not flags & 0x40:
        return 8
    return 12 if flags & 0x20 else 10
