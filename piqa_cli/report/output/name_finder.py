"""Finds device names in free text: titles, notes and names that mention a phone or its maker."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from piqa_cli.records.capture_row import CaptureRow
from piqa_cli.runs.capture_rows import column

_OF_CAMERA = ("exif_make", "exif_model", "exif_software", "exif_lens_make", "exif_lens_model")
_SHORTEST = 2  # letters and digits; a single one, such as device 3, is in any text
_JOINED = 4  # characters; names of this length are also found without spaces, within longer words
_GENERIC = frozenset("phone device camera mobile handset sample unit test proto prototype".split())
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class NameFinder:
    """Finds names of devices, makers and firmwares in free text.

    Attributes:
        words: names as sequences of words between spaces, such as ` kestrin k2 `.
        joined: the longer names as single words.
        signs: names without a letter or digit, such as an emoji.
    """

    words: frozenset[str]
    joined: frozenset[str]
    signs: frozenset[str]

    @classmethod
    def of_rows(cls, rows: Sequence[CaptureRow], names: Iterable[str]) -> NameFinder:
        """The finder of devices' and firmwares' names, and of the names that cameras write.

        Args:
            rows: of the captures table.
            names: of devices and firmwares.
        """
        written = {
            name for field in ("device", "firmware", *_OF_CAMERA) for name in column(rows, field)
        }
        own = set(names)
        found = {tuple(_words(name)) for name in {*own, *(name for name in written if name)}}
        brands = {words[:1] for words in (tuple(_words(name)) for name in own) if _is_brand(words)}
        return cls(
            frozenset(_spaced(n) for n in found | brands if len("".join(n)) >= _SHORTEST),
            frozenset("".join(n) for n in found if len("".join(n)) >= _JOINED),
            frozenset(name.strip() for name in own if name.strip() and not _words(name)),
        )

    def found(self, text: str) -> bool:
        """True if a text names a device, its maker, model or firmware, however it is spelt.

        >>> there = NameFinder.of_rows([], ["kestrin-k2"])
        >>> there.found("Hall with Kestrin K2"), there.found("kestrink2_hall"), there.found("Hall")
        (True, True, False)
        """
        words = _words(text)
        spaced, joined = _spaced(words), "".join(words)
        return (
            any(name in spaced for name in self.words)
            or any(name in joined for name in self.joined)
            or any(name in text for name in self.signs)
        )

    def clean(self, text: str | None) -> str | None:
        """The text, or None where it names a device."""
        return None if text is None or self.found(text) else text

    def renamed(self, names: Iterable[str | None], noun: str) -> dict[str | None, str | None]:
        """New names of scenes or conditions: unchanged, or the noun with a number.

        Args:
            names: in order; may repeat.
            noun: replaces the names that contain a device's name.
        """
        known = list(dict.fromkeys(names))
        taken = {name for name in known if name is not None and not self.found(name)}
        changed: dict[str | None, str | None] = {}
        for name in known:
            if name is None or (name in taken and not self.found(name)):
                changed[name] = name
                continue
            number = len(changed) + 1
            while f"{noun}-{number}" in taken:
                number += 1
            changed[name] = f"{noun}-{number}"
            taken.add(f"{noun}-{number}")
        return changed


def _is_brand(words: Sequence[str]) -> bool:
    """True if a name begins with a word that may be its maker's."""
    return bool(words) and len(words[0]) >= _JOINED and words[0] not in _GENERIC


def _words(text: str) -> list[str]:
    # Folders of a Mac spell accents as two characters, most texts as one.
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _spaced(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "
