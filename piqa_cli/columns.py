"""One column of a table: name, type, unit and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["string", "float64", "int64", "bool", "list<float64>"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: as in the file.
        type: of the values.
        meaning: one line for people.
        unit: of numbers, empty where there is none.
        heading: short heading for pages.
        nullable: whether a value may be missing.
    """

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    heading: str = ""
    nullable: bool = True
