"""The one order of names: natural (`take2` before `take10`), the same on every machine."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from natsort import natsort_keygen, ns

_key = natsort_keygen(alg=ns.IGNORECASE)


@lru_cache(maxsize=65536)
def natural(name: str) -> tuple[Any, str]:
    """Sort key of one name: numbers by value, case ignored; equal keys fall back to the name.

    Example:
        >>> sorted(["take10", "take2", "Take1"], key=natural)
        ['Take1', 'take2', 'take10']
    """
    return _key(name), name


def natural_path(path: str) -> tuple[tuple[Any, str], ...]:
    """Sort key of a path with `/`: folder by folder, so that a folder's files stay together.

    Example:
        >>> sorted(["a 1/z", "a/10", "a/9"], key=natural_path)
        ['a/9', 'a/10', 'a 1/z']
    """
    return tuple(natural(part) for part in path.split("/"))
