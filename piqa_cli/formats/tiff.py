"""TIFF 6.0 and BigTIFF; RAW files are TIFFs by their first bytes, and are told by their tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piqa_cli.formats.record import PictureFormat, with_pillow

if TYPE_CHECKING:
    from PIL import Image

_BITS_PER_SAMPLE_TAG = 258
_NEW_SUBFILE_TYPE_TAG = 254  # bit 0: a reduced version of another picture in the file
_DNG_VERSION_TAG = 50706


def _decoder() -> str:
    from PIL import features

    return with_pillow(f"libtiff {features.version('libtiff')}")


def _bit_depth(image: Image.Image, _data: bytes) -> int:
    bits = getattr(image, "tag_v2", {}).get(_BITS_PER_SAMPLE_TAG, (1,))
    return max(bits) if isinstance(bits, tuple) else int(bits)


def _raw_in_disguise(image: Image.Image, data: bytes) -> str | None:
    """Names the RAW kind of a TIFF whose first picture is a preview; None for real TIFFs."""
    tags = getattr(image, "tag_v2", {})
    if data[8:10] == b"CR":
        return "CR2 named as TIFF"
    if _DNG_VERSION_TAG in tags:
        return "DNG named as TIFF"
    if tags.get(_NEW_SUBFILE_TYPE_TAG, 0) & 1:
        return "a TIFF that starts with a preview"
    return None


TIFF = PictureFormat(
    name="tiff",
    title="TIFF",
    suffixes=(".tif", ".tiff"),
    matches=lambda header: header[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    plugin="TIFF",
    codec="libtiff",
    decoder=_decoder,
    bit_depth=_bit_depth,
    other_kind=_raw_in_disguise,
)
