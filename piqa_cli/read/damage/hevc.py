"""Warnings of libde265, which libheif keeps to itself: it paints over what it can't decode.

The library is the one that the package pillow-heif brings; where it brings none, coded units aren't
judged. Filters behind the decoding are left out, as its pixels aren't used.

This is a second decoding of each picture: libheif frees its decoder, and the warnings with it,
before it gives the pixels. Nothing cheaper tells the same, as a wrong byte shows only once all that
follows it is parsed: parsing is three quarters of the time, and FFmpeg's decoder took 0.8 of it.
"""

from __future__ import annotations

import ctypes
import functools
import struct
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

_NO_DEBLOCKING, _NO_SAMPLE_OFFSETS = 7, 8  # de265_param: what is left out
_WAITS_FOR_INPUT = 13
# Threads, too many warnings or notes, memory for a filter, notes before their parameter set.
_HARMLESS = frozenset({1000, 1001, 1022, 1024, 1025, 1036})
_MOST_STEPS = 10_000
_SETS_OFFSET = 22  # of the count of arrays in the decoder configuration (ISO/IEC 14496-15, 8.3.3)


def warning_of(units: Sequence[bytes]) -> str | None:
    """The first warning that matters while a picture is decoded; None: none, or no library.

    Errors aren't reported: libheif refuses such pictures itself.

    Args:
        units: parameter sets and coded units, without their lengths.
    """
    library = _library()
    decoder = library and library.de265_new_decoder()
    if not library or not decoder:
        return None
    try:
        for setting in (_NO_DEBLOCKING, _NO_SAMPLE_OFFSETS):
            library.de265_set_parameter_bool(decoder, setting, 1)
        for unit in units:
            library.de265_push_NAL(decoder, unit, len(unit), 0, None)
        library.de265_flush_data(decoder)
        _decode(library, decoder)
        return _first_warning(library, decoder)
    finally:
        library.de265_free_decoder(decoder)


def parameter_sets(data: bytes, start: int) -> list[bytes]:
    """The parameter sets of a decoder configuration.

    Args:
        data: the whole file.
        start: of the content of the box `hvcC`.
    """
    sets, place = [], start + _SETS_OFFSET + 1
    for _ in range(data[start + _SETS_OFFSET]):
        (count,) = struct.unpack_from(">H", data, place + 1)
        place += 3
        for _ in range(count):
            (length,) = struct.unpack_from(">H", data, place)
            sets.append(data[place + 2 : place + 2 + length])
            place += 2 + length
    return sets


def _decode(library: ctypes.CDLL, decoder: int) -> None:
    """Decodes one picture; its warnings stay with the decoder."""
    more = ctypes.c_int(1)
    for _ in range(_MOST_STEPS):
        code = library.de265_decode(decoder, ctypes.byref(more))
        if library.de265_get_next_picture(decoder) or not more.value:
            return
        if code not in (0, _WAITS_FOR_INPUT):
            return


def _first_warning(library: ctypes.CDLL, decoder: int) -> str | None:
    while code := library.de265_get_warning(decoder):
        if code not in _HARMLESS:
            said: bytes = library.de265_get_error_text(code)
            return said.decode("ascii", "replace")
    return None


@functools.cache
def _library() -> ctypes.CDLL | None:
    file = _library_file()
    if file is None:
        return None
    try:
        library = ctypes.CDLL(str(file))
        _declare(library)
    except (OSError, AttributeError):  # built for something else, or of another generation
        return None
    return library


def _library_file() -> Path | None:
    """The copy in the wheel of pillow-heif; None: it brings none."""
    try:
        files = metadata.files("pillow-heif") or ()
    except metadata.PackageNotFoundError:
        return None
    return next((Path(str(f.locate())) for f in files if f.name.startswith("libde265")), None)


def _declare(library: ctypes.CDLL) -> None:
    """Types of the functions that are called (de265.h)."""
    handle, number = ctypes.c_void_p, ctypes.c_int
    library.de265_new_decoder.restype = handle
    library.de265_free_decoder.argtypes = [handle]
    library.de265_set_parameter_bool.argtypes = [handle, number, number]
    library.de265_push_NAL.argtypes = [handle, ctypes.c_char_p, number, ctypes.c_int64, handle]
    library.de265_flush_data.argtypes = [handle]
    library.de265_decode.argtypes = [handle, ctypes.POINTER(number)]
    library.de265_get_warning.argtypes = [handle]
    library.de265_get_next_picture.argtypes = [handle]
    library.de265_get_next_picture.restype = handle
    library.de265_get_error_text.restype = ctypes.c_char_p
