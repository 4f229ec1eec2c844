"""Records that are made when they are asked for: a million outcomes don't fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

IN_MEMORY = 50_000
"""Most captures whose outcomes are held in memory, where each takes 4 kB or so."""

Item = TypeVar("Item")
Made = TypeVar("Made", covariant=True)


def each(items: Sequence[Item], make: Callable[[Item], Made]) -> Sequence[Made]:
    """The records that `make` makes of some items.

    Of more than `IN_MEMORY` none is kept: each is made anew when it is asked for.
    """
    if len(items) > IN_MEMORY:
        return OnDemand(items, make)
    return [make(item) for item in items]


class OnDemand(Sequence[Made], Generic[Made]):
    """Records that are made of items whenever they are asked for."""

    def __init__(self, items: Sequence[Any], make: Callable[[Any], Made]) -> None:
        self._items = items
        self._make = make

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> Made: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Made]: ...

    def __getitem__(self, index: int | slice) -> Made | Sequence[Made]:
        if isinstance(index, slice):
            return OnDemand(self._items[index], self._make)
        return self._make(self._items[index])

    def __iter__(self) -> Iterator[Made]:
        return map(self._make, self._items)
