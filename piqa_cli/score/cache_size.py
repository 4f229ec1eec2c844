"""Limit of the score cache, and sizes as people write them."""

from __future__ import annotations

import os
import re
import sqlite3
from math import ceil

from piqa_cli.errors import UsageError
from piqa_cli.score.cache_file import used_bytes

LIMIT_VARIABLE = "PIQA_CACHE_LIMIT"
DEFAULT_LIMIT = "2 GB"  # about a million scores
_UNITS = {
    "B": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KIB": 2**10,
    "MIB": 2**20,
    "GIB": 2**30,
    "TIB": 2**40,
}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)")


def bytes_of(text: str, *, name: str) -> int:
    """Bytes from `500 MB`, `2GiB` or `1000000`.

    Args:
        text: a number, with a unit or without.
        name: where it was written, for the error.

    Raises:
        UsageError: it is no size.
    """
    match = _SIZE.fullmatch(text.strip())
    unit = _UNITS.get(match[2].upper() or "B") if match else None
    if match is None or unit is None:
        raise UsageError(f"{name} {text!r}: give a size such as 500MB or 2GiB")
    return int(float(match[1]) * unit)


def limit_bytes() -> int:
    """The most that the cache may hold: `PIQA_CACHE_LIMIT`, else 2 GB.

    Raises:
        UsageError: the variable holds no size.
    """
    return bytes_of(os.environ.get(LIMIT_VARIABLE) or DEFAULT_LIMIT, name=LIMIT_VARIABLE)


def written(size: int) -> str:
    """A size as people read it: `3.2 MB`."""
    for unit in ("TB", "GB", "MB", "KB"):
        if size >= _UNITS[unit]:
            return f"{size / _UNITS[unit]:.3g} {'kB' if unit == 'KB' else unit}"
    return f"{size} B"


def forget_to_fit(db: sqlite3.Connection, most_bytes: int) -> int:
    """Forgets scores, least recently used first, until the rest takes at most `most_bytes`.

    Returns:
        How many were forgotten.
    """
    forgotten = 0
    while (used := used_bytes(db)) > most_bytes:
        (count,) = db.execute("SELECT count(*) FROM scores").fetchone()
        if not count:
            break
        some = ceil(count * (used - most_bytes) / used)
        db.execute(
            "DELETE FROM scores WHERE rowid IN "
            "(SELECT rowid FROM scores ORDER BY used_at, rowid LIMIT ?)",
            (some,),
        )
        forgotten += some
    return forgotten
