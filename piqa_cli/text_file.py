"""Text files as other programs save them: UTF-8 with or without mark, UTF-16, and Windows' own."""

from __future__ import annotations

import codecs

_WINDOWS = "cp1252"
NOT_UNICODE = "is no UTF-8 text and was read as Windows-1252"


def unicode_text(content: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark; the mark is no part of it.

    >>> unicode_text("é".encode("utf-8-sig")), unicode_text("é".encode("utf-16"))
    ('é', 'é')

    Raises:
        UnicodeDecodeError: it is in neither.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def any_text(content: bytes) -> tuple[str, bool]:
    """The text of a file, and True where it is Unicode; else it is taken as Windows-1252.

    >>> any_text(b"caf\\xe9"), any_text("café".encode())
    (('café', False), ('café', True))
    """
    try:
        return unicode_text(content), True
    except UnicodeDecodeError:
        return content.decode(_WINDOWS, "replace"), False


def windows_text(content: bytes) -> str | None:
    """The text of a file that is taken as Windows-1252; None: it has what no such text has.

    >>> windows_text(b"caf\\xe9"), windows_text(b"caf\\x81"), windows_text(b"\\0caf")
    ('café', None, None)
    """
    try:
        text = content.decode(_WINDOWS)
    except UnicodeDecodeError:
        return None
    return text if all(char.isprintable() or char in "\r\n\t\xa0\xad" for char in text) else None
