"""Tables by columns, some thousand rows at a time: millions of rows as dicts fill the memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

Row = dict[str, Any]
Batch = Mapping[str, Sequence[Any]]
"""Columns of one length; one that it lacks is null in all of its rows."""

BATCH = 20_000  # rows at a time


class Batched(ABC):
    """A table that can be had column by column."""

    @abstractmethod
    def batches(self) -> Iterator[Batch]:
        """The rows, at most `BATCH` at a time."""

    @abstractmethod
    def __iter__(self) -> Iterator[Row]:
        """The rows one by one, each with all columns."""


def in_batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    """Lists of at most `BATCH` items, in order."""
    left = iter(items)
    while some := list(islice(left, BATCH)):
        yield some
