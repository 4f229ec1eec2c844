"""Names as tables hold them, and the spellings in which people write one name."""

from __future__ import annotations

import posixpath
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_KEPT = frozenset("LMN")  # Unicode categories: letters, the marks on them, numbers
_SIGNS = frozenset("+@")  # of another phone (S23+), and between device and firmware
_TRADE_MARKS = dict.fromkeys(map(ord, "™℠"))  # compatibility forms would make letters of them


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


def tidy(text: str) -> str:
    r"""A name without invisible characters, with single blanks.

    >>> tidy("Pixel\u00a0 8\u200b")
    'Pixel 8'
    """
    shown = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", text)
        if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    return " ".join(shown.split())


class Spelling(NamedTuple):
    """A name as far as its spelling doesn't matter.

    Attributes:
        key: letters, digits, `+` and `@` without case; a blank where two numbers would meet.
        loose: the same without these blanks.
        is_compact: True for a name without any blank or sign.
        has_words: True for a name with blanks or signs elsewhere than between numbers.
    """

    key: str
    loose: str
    is_compact: bool
    has_words: bool


@lru_cache(maxsize=4096)
def spelling(text: str) -> Spelling:
    """The spelling of a device's name or of a firmware.

    Case, Unicode form, blanks and signs don't matter. `+` does, as it names another phone; so do
    `@`, which parts a device from its firmware, and a gap between two numbers: 2.1 is not 21.

    >>> spelling("Vivo X70 Pro Plus").key, spelling("VivoX70ProPlus").key
    ('vivox70proplus', 'vivox70proplus')
    >>> spelling("S23 +").key, spelling("S23").key, spelling("k2@2.1").key
    ('s23+', 's23', 'k2@2 1')
    """
    parts = _parts(text)
    key = ""
    for part in parts:
        gap = " " if key and key[-1].isdigit() and part[0].isdigit() else ""
        key = f"{key}{gap}{part}"
    if not parts:  # only signs, such as an emoji: they are the name
        key = unicodedata.normalize("NFKC", text).casefold()
    return Spelling(
        key=key,
        loose="".join(parts) or key,
        is_compact=len(parts) == 1,
        has_words=len(parts) - 1 > key.count(" "),
    )


def has_letters(text: str) -> bool:
    """True if a name holds a letter, a number or `+`, so that it isn't only signs."""
    return bool("".join(_parts(text)).replace("@", ""))


def _parts(text: str) -> list[str]:
    """Parts of a name between blanks and signs, without case."""
    plain = unicodedata.normalize("NFKC", text.translate(_TRADE_MARKS)).casefold()
    kept = (
        char if char in _SIGNS or unicodedata.category(char)[0] in _KEPT else " "
        for char in unicodedata.normalize("NFKC", plain)
    )
    return "".join(kept).split()
