"""The record of a picture format: all that the program needs to recognise and read it.

Importing it loads no picture library; its functions import what they need.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

ColorCodes = tuple[int, int]
"""Colour primaries and transfer characteristics, code points of ITU-T H.273, tables 2 and 3."""

PARTIAL_FRAME = "an animation that begins with a part of the picture: export one frame of it"
"""Refusal of an animation whose first frame leaves parts of the picture transparent."""


def _nothing(*_: Any) -> None:
    return None


def _never(_: bytes) -> bool:
    return False


def _eight(_image: Image.Image, _data: bytes) -> int:
    return 8


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """A picture format that is read.

    Attributes:
        name: as tables state it, lower case.
        title: as people write it.
        suffixes: usual suffixes, lower case; content decides, suffixes only find files.
        matches: tells by the first `SNIFF_BYTES` bytes whether a file is of this format.
        plugin: Pillow's name of the plugin that opens it.
        codec: name by which `PIL.features.check` finds the library in Pillow; None: the library
            is always installed.
        decoder: libraries that make the pixels, with versions; part of every fingerprint.
        bit_depth: bits per channel in the file, from the opened picture and the whole file (of
            the index, where there is a palette).
        color_codes: colour by code points where the format keeps them; None: not stated.
        has_tone_map: finds an HDR gain map that only this format can hold, in the whole file.
        refusal: names a variant that the decoder would get wrong, from the whole file; None: none.
        loading_loses_tags: True where a loaded picture no longer has all of its tags.
        other_kind: names what an opened picture really is where it isn't the picture that it
            seems to be (a RAW file's preview); None: it is.
        register: makes Pillow able to open it; called once in every process that reads.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    matches: Callable[[bytes], bool]
    plugin: str
    decoder: Callable[[], str]
    codec: str | None = None
    bit_depth: Callable[[Image.Image, bytes], int] = _eight
    color_codes: Callable[[Image.Image, bytes], ColorCodes | None] = _nothing
    has_tone_map: Callable[[bytes], bool] = _never
    refusal: Callable[[bytes], str | None] = _nothing
    loading_loses_tags: bool = False
    other_kind: Callable[[Image.Image, bytes], str | None] = _nothing
    register: Callable[[], None] = _nothing


def with_pillow(library: str = "") -> str:
    """Pillow with its version, then a library that decodes within it.

    Args:
        library: name and version; empty: none but Pillow itself.
    """
    import PIL

    pillow = f"pillow {PIL.__version__}"
    return f"{pillow}, {library}" if library else pillow
