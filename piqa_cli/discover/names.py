"""File names as text that tables can hold and that equal what people see."""

from __future__ import annotations

import posixpath
import unicodedata


def as_text(name: str) -> str:
    r"""A file name from the disk as text: bytes that are no UTF-8 become `\xff`."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def as_label(text: str) -> str:
    """The name of a scene, device and so on: what looks equal is equal.

    Folders copied by a Mac spell é in two characters, others in one; without this, one scene
    would be two.
    """
    return unicodedata.normalize("NFC", text).strip()


def plain_path(text: str) -> str:
    r"""A path with `/`, without `.` and doubled slashes.

    >>> plain_path("Overall\\66_Indoor_Scene_0.JPG")
    'Overall/66_Indoor_Scene_0.JPG'
    """
    text = text.strip()
    return posixpath.normpath(text.replace("\\", "/")) if text else ""
