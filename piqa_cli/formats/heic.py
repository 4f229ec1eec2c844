"""HEIC and HEIF by libheif: 8 to 12 bits, colour codes in the property nclx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piqa_cli.formats.avif import AVIF
from piqa_cli.formats.iso_media import brands_of, has_tone_map
from piqa_cli.formats.record import ColorCodes, PictureFormat, with_pillow

if TYPE_CHECKING:
    from PIL import Image

_BRANDS = frozenset((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"))


def _matches(header: bytes) -> bool:
    """AVIF files may name the common brands of still pictures, too."""
    return bool(brands_of(header) & _BRANDS) and not AVIF.matches(header)


def _decoder() -> str:
    import pillow_heif

    versions = f"{pillow_heif.__version__}, libheif {pillow_heif.libheif_version()}"
    return f"pillow-heif {versions}, {with_pillow()}"


def _bit_depth(image: Image.Image, _data: bytes) -> int:
    return int(image.info.get("bit_depth", 8))


def _color_codes(image: Image.Image, _data: bytes) -> ColorCodes | None:
    nclx = image.info.get("nclx_profile")
    return (nclx["color_primaries"], nclx["transfer_characteristics"]) if nclx else None


def _register() -> None:
    """Pictures are read one a process, so threads of the decoder only get in the way."""
    import pillow_heif

    pillow_heif.register_heif_opener(
        thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
    )


HEIC = PictureFormat(
    name="heic",
    title="HEIC",
    suffixes=(".heic", ".heif", ".hif"),
    matches=_matches,
    plugin="HEIF",
    decoder=_decoder,
    bit_depth=_bit_depth,
    color_codes=_color_codes,
    has_tone_map=has_tone_map,
    register=_register,
)
