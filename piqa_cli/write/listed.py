"""The captures of a scene as a list, where no picture was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from piqa_cli.write.book import Competitor
from piqa_cli.write.parquet import Row
from piqa_cli.write.shots import counted_rows, shot_names
from piqa_cli.write.wording import number


@dataclass(frozen=True, slots=True)
class Listed:
    """One capture.

    Attributes:
        competitor: whose capture.
        first: whether it is the first of its device.
        name: what tells it from the others of its device.
        path: as the list has it.
        score: as text.
        counted: False: the same file stands in this cell before it, and only that one counts.
    """

    competitor: Competitor
    first: bool
    name: str
    path: str
    score: str
    counted: bool


def listed_captures(shots: Mapping[Competitor, Sequence[Row]]) -> tuple[Listed, ...]:
    """The captures of a scene, device by device.

    Args:
        shots: scored rows of the captures table, by device.
    """
    return tuple(
        Listed(
            competitor=competitor,
            first=n == 0,
            name=name,
            path=row["path"],
            score=number(row["score"]),
            counted=any(row is other for other in counted_rows(rows)),
        )
        for competitor, rows in shots.items()
        for n, (row, name) in enumerate(zip(rows, shot_names(rows), strict=True))
    )
