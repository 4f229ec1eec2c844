"""Text files as other programs save them: UTF-8 with or without mark, UTF-16, and Windows' own."""

from __future__ import annotations

import codecs

_WINDOWS = "cp1252"


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
