"""Numbers out of EXIF entries, which both readers give sometimes bare, sometimes listed."""

from __future__ import annotations

import math
from typing import Any


def listed(value: Any) -> list[Any]:
    """All values of an entry."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def first(value: Any) -> Any:
    """The first value of an entry. IndexError: it has none."""
    return listed(value)[0]


def number(value: Any) -> float | None:
    """A finite number, the first of an entry; None for 0/0 and its like."""
    try:
        found = float(first(value))
    except ZeroDivisionError:
        return None
    return found if math.isfinite(found) else None


def positive(value: Any) -> float | None:
    """A number above zero, the first of an entry; None for anything else."""
    found = number(value)
    return found if found is not None and found > 0 else None
