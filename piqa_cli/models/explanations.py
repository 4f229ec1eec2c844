"""Explanations of a score against the columns that its model declares for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from piqa_cli.columns import Column, ColumnType

_TYPES: dict[ColumnType, tuple[type, ...]] = {
    "string": (str,),
    "float64": (float, int),
    "int64": (int,),
    "bool": (bool,),
    "list<float64>": (list, tuple),
}


def fault_of(explanation: Mapping[str, Any], columns: Sequence[Column]) -> str | None:
    """Reason why tables can't hold an explanation; None: they can.

    A model of another package may give anything; its score is worth a reason, not a crash after
    all captures are scored.

    >>> fault_of({"haze": 1.0}, [])
    "the model explains its score by 'haze', which it doesn't declare"
    """
    types = {column.name: column.type for column in columns}
    for name, value in explanation.items():
        if name not in types:
            return f"the model explains its score by {name!r}, which it doesn't declare"
        if value is None:
            continue
        given_bool = isinstance(value, bool) and types[name] != "bool"
        if given_bool or not isinstance(value, _TYPES[types[name]]):
            kind = type(value).__name__
            return f"the model's {name!r} is {kind} where it declares {types[name]}"
    return None
