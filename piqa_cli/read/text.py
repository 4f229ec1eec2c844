"""Strings out of files: untrusted, so cleaned before anything keeps them."""

from __future__ import annotations

import unicodedata

MAX_TEXT_CHARS = 200


def clean_text(value: object) -> str | None:
    """Cleans a string from a file: no NUL tail, control or invisible characters, at most 200 long.

    Bytes are taken as UTF-8, else Latin-1.

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


def _decoded(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
