"""TIFF 6.0 and BigTIFF; RAW files are TIFFs by their first bytes, and are told by their tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piqa_cli.formats import tiff_tags as tags
from piqa_cli.formats.record import PictureFormat, with_pillow

if TYPE_CHECKING:
    from PIL import Image

_BITS_PER_SAMPLE_TAG = 258
_NEW_SUBFILE_TYPE_TAG = 254  # bit 0: a reduced version of another picture in the file
_DNG_VERSION_TAG = 50706
_SAMPLE_KINDS = {2: "signed", 3: "floating-point", 5: "complex integer", 6: "complex"}
_UNCOMPRESSED = 1
_SEPARATE_PLANES = 2


def _decoder() -> str:
    from PIL import features

    return with_pillow(f"libtiff {features.version('libtiff')}")


def _bit_depth(image: Image.Image, _data: bytes) -> int:
    bits = getattr(image, "tag_v2", {}).get(_BITS_PER_SAMPLE_TAG, (1,))
    return max(bits) if isinstance(bits, tuple) else int(bits)


def _refusal(data: bytes) -> str | None:
    """Names samples that Pillow scales wrongly or not at all, and planes that it mixes up."""
    stored = tags.first_tags(data)
    depth = max(stored.get(tags.BITS_PER_SAMPLE, (1,)), default=1)
    kind = _SAMPLE_KINDS.get(next(iter(stored.get(tags.SAMPLE_FORMAT, ())), 1))
    if kind is not None:
        return f"a TIFF with {kind} samples: export it with 8 or 16 bits, unsigned"
    if depth > 16:
        return f"{depth}-bit samples: export the picture with 8 or 16 bits"
    separate = stored.get(tags.PLANAR_CONFIGURATION) == (_SEPARATE_PLANES,)
    unpacked = stored.get(tags.COMPRESSION, (_UNCOMPRESSED,)) == (_UNCOMPRESSED,)
    if depth > 8 and separate and unpacked:  # packed ones come out right
        return f"a {depth}-bit TIFF in separate planes: export it with interleaved channels"
    return None


def _raw_in_disguise(image: Image.Image, data: bytes) -> str | None:
    """Names the RAW kind of a TIFF whose first picture is a preview; None for real TIFFs."""
    found = getattr(image, "tag_v2", {})
    if data[8:10] == b"CR":
        return "CR2 named as TIFF"
    if _DNG_VERSION_TAG in found:
        return "DNG named as TIFF"
    if found.get(_NEW_SUBFILE_TYPE_TAG, 0) & 1:
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
    refusal=_refusal,
    loading_loses_tags=True,
    other_kind=_raw_in_disguise,
)
