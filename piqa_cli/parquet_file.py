"""Reads Parquet from memory, in the one way that is quick to start and safe to end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def read_parquet(
    content: bytes,
    wanted: Callable[[str], bool] | None = None,
    *,
    also: Callable[[pa.Field], bool] | None = None,
) -> tuple[tuple[str, ...], int, pa.Table]:
    """The columns' names and the number of rows of a file, and those columns that are wanted.

    Args:
        content: the file.
        wanted: whether a column of this name is read; None: all are.
        also: whether a column that isn't wanted by its name is read for what its field holds.

    Raises:
        pyarrow.ArrowException, OSError: it is no Parquet, or damaged.
    """
    import pyarrow as pa  # takes 0.2 CPU-s, so imported only at use
    import pyarrow.parquet as pq

    # Not `read_table`: it imports data sets, and pandas where that is installed. Without threads:
    # one of pyarrow's that still lets go of the file as Python ends aborts it.
    try:
        opened = pq.ParquetFile(pa.BufferReader(content))
        names = tuple(opened.schema_arrow.names)
        if wanted is None:
            chosen = None
        else:
            fields = {field.name: field for field in opened.schema_arrow}
            chosen = [n for n in fields if wanted(n) or (also is not None and also(fields[n]))]
        table = opened.read(columns=chosen, use_threads=False)
        table.validate(full=True)  # texts that are no UTF-8, and places that don't exist
    except (ValueError, LookupError) as error:  # of names that are no UTF-8; some are Arrow's own
        raise pa.ArrowInvalid(str(error)) from None
    return names, opened.metadata.num_rows if chosen == [] else table.num_rows, table


def values_of(column: pa.ChunkedArray) -> list[Any]:
    """The values of a column as Python has them; equal texts are one object."""
    import pyarrow as pa

    if column.null_count == len(column):
        return [None] * len(column)
    if not pa.types.is_string(column.type):
        values: list[Any] = column.to_pylist()
        return values
    coded = column.combine_chunks().dictionary_encode()
    texts = coded.dictionary.to_pylist()
    return [None if place is None else texts[place] for place in coded.indices.to_pylist()]
