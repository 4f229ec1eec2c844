"""Rows to Parquet bytes and back: written by the schema to the letter, read with some patience.

pyarrow's own `Table.from_pylist` drops unknown keys, fills missing ones with nulls and lets nulls
into non-nullable columns, all in silence; so columns are built one by one here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from piqa_cli.errors import PiqaError
from piqa_cli.parquet_file import read_parquet
from piqa_cli.runs.arrow_arrays import ARROW_TYPES, arrow_array, is_finite
from piqa_cli.runs.batches import Batch, Batched, Row, each_row_of, in_batches
from piqa_cli.schema import ALL_TABLES, SCHEMA_VERSION, Column, TableName
from piqa_cli.spreadsheet import harmless

VERSION_KEY = b"piqa_cli.schema_version"
TABLE_KEY = b"piqa_cli.table"
OF_THIS_RUN_KEY = b"piqa_cli.of_this_run"
"""Marks columns that no schema knows: of the run's models."""


def _schema(name: str, columns: Sequence[Column], more: Sequence[Column] = ()) -> pa.Schema:
    metadata = {VERSION_KEY: str(SCHEMA_VERSION).encode(), TABLE_KEY: name.encode()}
    marked = [_field(column, {OF_THIS_RUN_KEY.decode(): "1"}) for column in more]
    return pa.schema([*map(_field, columns), *marked], metadata=metadata)


def _field(column: Column, mark: Mapping[str, str] | None = None) -> pa.Field:
    metadata = {"meaning": column.meaning, "unit": column.unit, "heading": column.heading}
    metadata |= mark or {}
    return pa.field(
        column.name, ARROW_TYPES[column.type], nullable=column.nullable, metadata=metadata
    )


def parquet_bytes(name: TableName, rows: Iterable[Row], more: Sequence[Column] = ()) -> bytes:
    """A table of a run as a Parquet file; see `table_bytes`."""
    return table_bytes(name, ALL_TABLES[name], rows, more)


def table_bytes(
    name: str, columns: Sequence[Column], rows: Iterable[Row], more: Sequence[Column] = ()
) -> bytes:
    """A table as a Parquet file; equal rows give equal bytes.

    Args:
        name: of the table.
        columns: of it, as the schema declares them.
        rows: dicts with exactly the columns of both; or a table that can be had by columns.
        more: columns of this run alone, after the others.

    Raises:
        ValueError: a row that doesn't fit the columns (unknown or missing column, null where none
            may be, wrong type, a number that isn't finite). That is a bug of the caller.
    """
    every, schema = (*columns, *more), _schema(name, columns, more)
    buffer, is_empty = io.BytesIO(), True
    with pq.ParquetWriter(buffer, schema, compression="zstd") as writer:
        for n_rows, batch in _batches(name, every, rows):
            nulls = [None] * n_rows
            arrays = [_array(name, col, batch.get(col.name, nulls)) for col in every]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))  # a row group
            is_empty = False
        if is_empty:
            writer.write_table(schema.empty_table())
    return buffer.getvalue()


def _batches(
    name: str, columns: Sequence[Column], rows: Iterable[Row]
) -> Iterator[tuple[int, Batch]]:
    """Numbers of rows, and their columns, once no column is unknown and none of a row missing."""
    if isinstance(rows, Batched):
        known = {column.name for column in columns}
        for batch in rows.batches():
            if unknown := sorted(batch.keys() - known):
                raise ValueError(f"{name}: unknown {unknown}")
            yield len(next(iter(batch.values()))), batch
        return
    for some in in_batches(rows):
        _check_keys(name, columns, some)
        yield len(some), {col.name: [row[col.name] for row in some] for col in columns}


def _check_keys(name: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    expected = {column.name for column in columns}
    for number, row in enumerate(rows):
        if row.keys() == expected:
            continue
        unknown, missing = sorted(row.keys() - expected), sorted(expected - row.keys())
        if unknown or missing:
            raise ValueError(f"{name} row {number}: unknown {unknown}, missing {missing}")


def _array(name: str, column: Column, values: Sequence[Any]) -> pa.Array:
    if not column.nullable and None in values:
        raise ValueError(f"{name}.{column.name}: null in row {values.index(None)}")
    try:
        array = arrow_array(column.type, values)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name}.{column.name}: {error}") from error
    if column.type == "float64" and not is_finite(array):  # other types refuse them by themselves
        raise ValueError(f"{name}.{column.name}: a number that isn't finite")
    return array


def parquet_rows(
    name: TableName, data: bytes, where: str, *, only: Container[str] | None = None
) -> list[Row]:
    """The rows of a Parquet file that any version of this major schema wrote.

    See `parquet_table` for arguments and errors.
    """
    return list(each_row_of(parquet_table(name, data, where, only=only)))


def parquet_table(
    name: TableName, data: bytes, where: str, *, only: Container[str] | None = None
) -> pa.Table:
    """The columns of a Parquet file that any version of this major schema wrote.

    A nullable column that the file lacks is null in every row; one that this version doesn't know
    is passed over, unless the file marks it as a column of its run alone: that comes last.

    Args:
        name: which table it must be.
        data: the file.
        where: how messages call the file.
        only: columns to read; None: all. A history reads thousands of files for a few of each.

    Raises:
        PiqaError: no Parquet, another table, a newer major schema, a column of another type, or
            one missing that is never null.
    """
    columns = [column for column in ALL_TABLES[name] if only is None or column.name in only]
    known = {column.name for column in columns}
    try:
        _, n_rows, table = read_parquet(
            data, known.__contains__, also=_is_of_run if only is None else None
        )
    except (pa.ArrowException, OSError) as error:
        raise PiqaError(
            f"{where} is no readable Parquet file: run `piqa-cli rank` again"
        ) from error
    metadata = table.schema.metadata or {}
    check_version(metadata.get(VERSION_KEY, b"0").decode("utf-8", "replace"), where)
    if metadata.get(TABLE_KEY) != name.encode():
        raise PiqaError(f"{where} isn't the table {name}: run `piqa-cli rank` again")
    there = frozenset(table.column_names)
    arrays = [
        _checked(table.column(column.name), column, where)
        if column.name in there
        else _nulls(column, n_rows, where)
        for column in columns
    ]
    more = [name for name in table.column_names if name not in known]
    arrays += [table.column(name) for name in more]
    return pa.Table.from_arrays(arrays, names=[*(column.name for column in columns), *more])


def _is_of_run(field: pa.Field) -> bool:
    """True for a column of the run alone, of a type that tables have."""
    return OF_THIS_RUN_KEY in (field.metadata or {}) and field.type in ARROW_TYPES.values()


def _nulls(column: Column, n_rows: int, where: str) -> pa.Array:
    """A column that the file is older than."""
    if not column.nullable:
        raise PiqaError(f"{where} has no column {column.name}: run `piqa-cli rank` again")
    return pa.nulls(n_rows, ARROW_TYPES[column.type])


def _checked(found: pa.ChunkedArray, column: Column, where: str) -> pa.ChunkedArray:
    """A column of a file as it is, if the schema allows it."""
    if found.type != ARROW_TYPES[column.type]:
        raise PiqaError(
            f"{where}, column {column.name}: {found.type} instead of {column.type}: "
            "run `piqa-cli rank` again"
        )
    if not column.nullable and found.null_count:
        raise PiqaError(f"{where}, column {column.name}: a value is missing: rank again")
    return found


def check_version(version: object, where: str) -> None:
    """Refuses files of another major version of the schema; minor ones only add columns.

    Args:
        version: `MAJOR` or `MAJOR.MINOR`, as files state it.
        where: how the message calls the file.

    Raises:
        PiqaError: the major version isn't this program's.
    """
    text = str(version)
    major = text.partition(".")[0]
    if major == str(SCHEMA_VERSION):
        return
    if major.isdecimal() and int(major) > SCHEMA_VERSION:
        raise PiqaError(
            f"{where} was written by a newer piqa-cli (schema {text}, this one reads "
            f"{SCHEMA_VERSION}): update piqa-cli"
        )
    raise PiqaError(f"{where} has schema version {text!r}, not {SCHEMA_VERSION}: rank again")


def csv_bytes(name: TableName, rows: Iterable[Row], more: Sequence[Column] = ()) -> bytes:
    """The same table as CSV (UTF-8 with mark): nulls are empty, lists are joined with `;`.

    Spreadsheets take the mark as the sign of UTF-8, and no text in it as a formula.
    """
    every = (*ALL_TABLES[name], *more)
    columns = [column.name for column in every]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for batch in in_batches(rows):
        _check_keys(name, every, batch)
        writer.writerows([_csv_cell(row[column]) for column in columns] for row in batch)
    return buffer.getvalue().encode("utf-8-sig")


def _csv_cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return harmless(value)
        case list() | tuple():
            joined = ";".join(item if isinstance(item, str) else _csv_cell(item) for item in value)
            return harmless(joined) if any(isinstance(item, str) for item in value) else joined
        case _:
            return str(value)
