"""Tables by columns, some thousand rows at a time: millions of rows as dicts fill the memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from piqa_cli.parquet_file import values_of

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
Batch = Mapping[str, Sequence[Any]]
"""Columns of one length; one that it lacks is null in all of its rows."""

BATCH = 20_000  # rows at a time


class Batched(ABC):
    """A table that can be had column by column."""

    @abstractmethod
    def batches(self) -> Iterator[Batch]:
        """The rows, at most `BATCH` at a time."""

    def __iter__(self) -> Iterator[Row]:
        for batch in self.batches():
            yield from rows_in(batch)


def rows_in(batch: Batch) -> Iterator[Row]:
    """The rows of some columns, one by one."""
    for values in zip(*batch.values(), strict=True):
        yield dict(zip(batch, values, strict=True))


def in_batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    """Lists of at most `BATCH` items, in order."""
    left = iter(items)
    while some := list(islice(left, BATCH)):
        yield some


def each_row_of(table: pa.Table) -> Iterator[Row]:
    """Yields the rows of a table; equal texts near each other are one object."""
    for start in range(0, table.num_rows, BATCH):
        part = table.slice(start, BATCH)
        yield from rows_in({name: values_of(part.column(name)) for name in table.column_names})
