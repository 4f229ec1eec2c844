"""The record of a picture format: all that the program needs to recognise and read it.

Importing it loads no picture library; its functions import what they need.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from types import ModuleType

    import numpy as np
    from numpy.typing import NDArray
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
class Extra:
    """An optional part of piqa-cli that brings a format's library.

    Attributes:
        name: as pip takes it in brackets.
        load: imports the library.
    """

    name: str
    load: Callable[[], ModuleType]

    @property
    def is_installed(self) -> bool:
        """True where the library can be imported."""
        try:
            self.load()
        except ImportError:
            return False
        return True

    @property
    def command(self) -> str:
        """The command that installs it.

        >>> import types
        >>> Extra("raw", lambda: types).command
        "pip install 'piqa-cli[raw]'"
        """
        return f"pip install 'piqa-cli[{self.name}]'"


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """A picture format that is read.

    Attributes:
        name: as tables state it, lower case.
        title: as people write it.
        suffixes: usual suffixes, lower case; content decides, suffixes only find files.
        matches: tells by the first `SNIFF_BYTES` bytes whether a file is of this format.
        plugin: Pillow's name of the plugin that opens it, or of the class that `open` gives.
        codec: name by which `PIL.features.check` finds the library in Pillow; None: the library
            is always installed.
        decoder: libraries that make the pixels, with versions; part of every fingerprint.
        bit_depth: bits per channel in the file, from the opened picture and the whole file (of
            the index, where there is a palette).
        pixels: decodes to an array (height, width, 3) or (height, width) uint8, equal to the bit to
            what Pillow makes of the opened picture and the whole file; None: Pillow decodes it.
        color_codes: colour by code points where the format keeps them; None: not stated.
        size: width and height from the whole file, where opening decodes the pixels and would be
            too late to refuse them; None: known once it is opened.
        has_tone_map: finds an HDR gain map that only this format can hold, in the whole file.
        refusal: names a variant that the decoder would get wrong, from the whole file; None: none.
        loading_loses_tags: True where a loaded picture no longer has all of its tags.
        other_kind: names what an opened picture really is where it isn't the picture that it
            seems to be (a RAW file's preview); None: it is.
        register: makes Pillow able to open it; called once in every process that reads.
        open: opens it from a stream where Pillow isn't to know of it: its library is loaded when
            such a file is met, or would take other formats' files for its own.
        extra: brings the library; None: it is always installed.
        is_rendered: True where the decoder makes sRGB pixels of sensor values; what the file
            states of colours and gain maps is then of its previews.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    matches: Callable[[bytes], bool]
    plugin: str
    decoder: Callable[[], str]
    codec: str | None = None
    bit_depth: Callable[[Image.Image, bytes], int] = _eight
    pixels: Callable[[Image.Image, bytes], NDArray[np.uint8] | None] = _nothing
    color_codes: Callable[[Image.Image, bytes], ColorCodes | None] = _nothing
    size: Callable[[bytes], tuple[int, int] | None] = _nothing
    has_tone_map: Callable[[bytes], bool] = _never
    refusal: Callable[[bytes], str | None] = _nothing
    loading_loses_tags: bool = False
    other_kind: Callable[[Image.Image, bytes], str | None] = _nothing
    register: Callable[[], None] = _nothing
    open: Callable[[BinaryIO], Image.Image] | None = None
    extra: Extra | None = None
    is_rendered: bool = False

    @property
    def is_readable(self) -> bool:
        """True where the library that opens it is installed."""
        return self.extra is None or self.extra.is_installed


def with_pillow(library: str = "") -> str:
    """Pillow with its version, then a library that decodes within it.

    Args:
        library: name and version; empty: none but Pillow itself.
    """
    import PIL

    pillow = f"pillow {PIL.__version__}"
    return f"{pillow}, {library}" if library else pillow
