"""Groups of items that are equal by any of several keys, such as bytes of a file or its pixels."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable


def first_of_equals(keys: Iterable[Collection[Hashable | None]]) -> list[int]:
    """Index of the first item that each item shares a key with, its own where there is none.

    Args:
        keys: of each item; None is no key.

    Example:
        >>> first_of_equals([("a", "x"), ("b", "x"), ("b", None), ("c", None)])
        [0, 0, 0, 3]
    """
    first: dict[Hashable, int] = {}
    firsts: list[int] = []
    for number, own in enumerate(keys):
        known = [key for key in own if key is not None]
        index = min((first[key] for key in known if key in first), default=number)
        for key in known:
            first.setdefault(key, index)
        firsts.append(index)
    return firsts
