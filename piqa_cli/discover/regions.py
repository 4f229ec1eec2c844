"""The `[[region]]` tables of a `scene.toml`: parts of the picture that pages show side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from piqa_cli.errors import PiqaError
from piqa_cli.records import Region
from piqa_cli.remote import AnyPath

_SIDES = ("x0", "y0", "x1", "y1")
_KEYS = ("name", "to", *_SIDES)
_FACE_REACH = 20.0  # face boxes; beyond that it is a slip of the pen


def read_regions(file: AnyPath, tables: Any) -> tuple[Region, ...]:
    """The regions of a scene.

    Args:
        file: for messages.
        tables: what TOML has under `region`.

    Raises:
        PiqaError: a key is unknown or missing, or a region is none.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise PiqaError(f"{file}: a region stands under its own [[region]], with name, x0 y0 x1 y1")
    regions = tuple(_region(file, table) for table in tables)
    names = [region.name for region in regions]
    for name in names:
        if names.count(name) > 1:
            raise PiqaError(f"{file}: two regions are called {name!r}; give each its own name")
    return regions


def _region(file: AnyPath, table: Mapping[str, Any]) -> Region:
    for key in table:
        if key not in _KEYS:
            nearest = get_close_matches(key, _KEYS, n=1)
            hint = f", did you mean {nearest[0]!r}?" if nearest else ""
            raise PiqaError(
                f"{file}: unknown key {key!r} in [[region]]{hint}; known are {', '.join(_KEYS)}"
            )
    name, to = table.get("name"), table.get("to", "frame")
    if not isinstance(name, str) or not name.strip():
        raise PiqaError(f'{file}: a [[region]] needs a name, e.g. name = "eyes"')
    if to not in ("frame", "face"):
        raise PiqaError(f'{file}: region {name!r}: to must be "frame" or "face"')
    low, high = (0.0, 1.0) if to == "frame" else (-_FACE_REACH, _FACE_REACH)
    x0, y0, x1, y1 = (_side(file, name, key, table.get(key), low, high) for key in _SIDES)
    if x0 >= x1 or y0 >= y1:
        raise PiqaError(f"{file}: region {name!r} has no area: x0 must lie left of x1, y0 above y1")
    return Region(name.strip(), x0, y0, x1, y1, "face" if to == "face" else "frame")


def _side(file: AnyPath, name: str, key: str, value: Any, low: float, high: float) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not low <= value <= high:
        raise PiqaError(
            f"{file}: region {name!r}: {key} must be a number of {low:g} to {high:g}"
            f"{', a share of the picture' if low == 0 else ', in boxes of the face'}"
        )
    return float(value)
