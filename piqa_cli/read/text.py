"""Strings out of files: untrusted, so cleaned before anything keeps them."""

from __future__ import annotations

import codecs
import re
import unicodedata

MAX_TEXT_CHARS = 200

# ASCII and pairs of the part of GBK that holds the common characters. Accents of Latin-1 stand
# alone between ASCII letters, so names in Latin-1 hardly ever fit.
_GBK = re.compile(rb"(?:[\0-\x7f]|[\x81-\xfe][\xa1-\xfe])+")
_SAID_BY_NOTHING = {
    "AssertionError": "the structure of the file is not what it expects",
    "EOFError": "the file ends too early",
    "IndexError": "a part of the file is shorter than it states",
    "KeyError": "a part that the file refers to is missing",
    "RecursionError": "parts of the file contain one another",
}


def clean_text(value: object) -> str | None:
    """Cleans a string from a file: no NUL tail, control or invisible characters, at most 200 long.

    Bytes are taken as UTF-8, GBK or Latin-1, the first that fits.

    Returns:
        None where nothing is left or the value is no text.

    >>> clean_text("ION230\\0F")
    'ION230'
    """
    if isinstance(value, bytes):
        value = _decoded(value)
    if not isinstance(value, str):
        return None
    head = value.split("\0", 1)[0]
    kept = "".join(c for c in head[: 4 * MAX_TEXT_CHARS] if unicodedata.category(c)[0] != "C")
    return kept.strip()[:MAX_TEXT_CHARS].strip() or None


def error_words(error: BaseException) -> str:
    """One line on what a library raised; never a bare class name or a bare value.

    >>> error_words(KeyError(51)), error_words(OSError("cut short"))
    ('a part that the file refers to is missing', 'cut short')
    """
    kind = type(error).__name__
    said = clean_text(" ".join(str(error).split()))
    if kind in _SAID_BY_NOTHING and (said is None or " " not in said):
        return _SAID_BY_NOTHING[kind]
    if said is None:
        return f"the library that reads it gave up and said no more than {kind}"
    return said


def _decoded(value: bytes) -> str:
    value = value.split(b"\0", 1)[0]
    if (text := _cut_utf_8(value)) is not None:
        return text
    if _GBK.fullmatch(value):
        try:
            return value.decode("gbk")
        except UnicodeDecodeError:
            pass
    return value.decode("latin-1")


def _cut_utf_8(value: bytes) -> str | None:
    """UTF-8, whose last character a field of fixed length may have cut; None: it isn't UTF-8.

    A lone byte at the end is a cut character only after others beyond ASCII.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(value)
    except UnicodeDecodeError:
        return None
    is_cut = bool(decoder.getstate()[0])
    return None if is_cut and text.isascii() else text
