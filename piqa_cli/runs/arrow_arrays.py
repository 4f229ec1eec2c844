"""Columns of Python values as Arrow arrays, laid out here instead of by `pyarrow.array`.

`pyarrow.array` imports pandas wherever it is installed: a third of a second that every warm run
would pay. Layout: Arrow Columnar Format 1.5, "Fixed-size primitive", "Variable-size binary" and
"Variable-size list".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from piqa_cli.schema import ColumnType

if TYPE_CHECKING:
    from numpy.typing import NDArray

ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    "string": pa.string(),
    "float64": pa.float64(),
    "int64": pa.int64(),
    "bool": pa.bool_(),
    "list<float64>": pa.list_(pa.float64()),
}
_PYTHON_TYPES: dict[ColumnType, tuple[type, ...]] = {
    "string": (str,),
    "float64": (float, int),
    "int64": (int, np.integer),
    "bool": (bool, np.bool_),
    "list<float64>": (list, tuple),
}


def arrow_array(kind: ColumnType, values: Sequence[Any]) -> pa.Array:
    """An array of values; None is null.

    Raises:
        TypeError: a value of another type; booleans are no numbers.
        OverflowError: a whole number beyond 64 bits.
        ValueError: a text that isn't Unicode.
    """
    if values and values.count(None) == len(values):
        return pa.nulls(len(values), ARROW_TYPES[kind])  # most columns of most runs
    _check(kind, values)
    match kind:
        case "string":
            return _strings(values)
        case "list<float64>":
            return _lists(values)
        case "bool":
            return _fixed(kind, values, _bits([bool(value) for value in values]))
        case "int64":
            return _fixed(kind, values, _filled(values, 0, np.int64))
        case "float64":
            return _fixed(kind, values, _filled(values, 0.0, np.float64))


def is_finite(array: pa.Array) -> bool:
    """True for an array of float64 that holds neither NaN nor infinity; null is 0 in it."""
    data = array.buffers()[1]
    return array.null_count == len(array) or bool(np.isfinite(np.frombuffer(data)).all())


def _check(kind: ColumnType, values: Sequence[Any]) -> None:
    fit = _PYTHON_TYPES[kind]
    for met in {type(value) for value in values if value is not None}:
        if not issubclass(met, fit) or (kind != "bool" and issubclass(met, bool)):
            raise TypeError(f"{met.__name__} is no {kind}")


def _filled(values: Sequence[Any], nothing: float, dtype: type[np.generic]) -> NDArray[Any]:
    return np.array([nothing if value is None else value for value in values], dtype=dtype)


def _fixed(kind: ColumnType, values: Sequence[Any], data: NDArray[Any]) -> pa.Array:
    buffers = [_validity(values), pa.py_buffer(data)]
    return pa.Array.from_buffers(ARROW_TYPES[kind], len(values), buffers)


def _strings(values: Sequence[Any]) -> pa.Array:
    filled: Sequence[Any] = [value or "" for value in values] if None in values else values
    joined = "".join(filled)
    data = joined.encode("utf-8")
    if not joined.isascii():  # a letter is several bytes
        filled = [value.encode("utf-8") for value in filled]
    buffers = [_validity(values), _offsets(filled), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def _lists(values: Sequence[Any]) -> pa.Array:
    filled = [value or () for value in values]
    items = arrow_array("float64", list(chain.from_iterable(filled)))
    buffers = [_validity(values), _offsets(filled)]
    kind = ARROW_TYPES["list<float64>"]
    return pa.Array.from_buffers(kind, len(values), buffers, children=[items])


def _offsets(parts: Sequence[Any]) -> pa.Buffer:
    """Arrow offsets: the start of every part, and the end of the last one."""
    ends = np.zeros(len(parts) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, parts), dtype=np.int64, count=len(parts)), out=ends[1:])
    if ends[-1] > np.iinfo(np.int32).max:
        raise OverflowError("2 GB of text in one column")
    return pa.py_buffer(ends.astype(np.int32))


def _validity(values: Sequence[Any]) -> pa.Buffer | None:
    """One bit a value, set where there is one; None: nothing is null."""
    if None not in values:
        return None
    return pa.py_buffer(_bits([value is not None for value in values]))


def _bits(values: Sequence[bool]) -> NDArray[np.uint8]:
    return np.packbits(np.array(values, dtype=np.bool_), bitorder="little")
