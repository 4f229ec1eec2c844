"""Scene and device names as file names and anchors: safe on every file system, and unique."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_LONGEST = 48
# Windows refuses these as file names, whatever the suffix.
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)


def slugs(names: Iterable[str]) -> dict[str, str]:
    """A slug of `a-z`, `0-9` and `-` for every name.

    A slug is readable where it can be; names that would share one, or leave none, get eight digits
    of their SHA-256 appended, so a name's slug doesn't depend on the order of the others.

    >>> slugs(["Café", "Cafe", "Night, wide"])
    {'Café': 'cafe-73473dcc', 'Cafe': 'cafe-0d5f2e74', 'Night, wide': 'night-wide'}
    """
    plain = {name: _fold(name) for name in names}
    shared = Counter(plain.values())
    unsafe = {slug for slug in shared if not slug or shared[slug] > 1 or slug in _RESERVED}
    chosen = {name: _marked(name, 8) if s in unsafe else s for name, s in plain.items()}
    if len(set(chosen.values())) < len(chosen):  # a name that looks like another one's slug
        return {name: _marked(name, 64) for name in plain}
    return chosen


def _fold(name: str) -> str:
    """Accents dropped, other characters to hyphens, cut; may be empty."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower())[:_LONGEST].strip("-")


def _marked(name: str, digits: int) -> str:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:digits]
    return f"{_fold(name) or 'n'}-{digest}"
