"""Leagues, fitted and in order: the start of device ranks and comparisons of pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from piqa_cli.natural import natural
from piqa_cli.rank.additive import Fit, fit_additive, leagues
from piqa_cli.rank.cells import Cells
from piqa_cli.rank.intervals import positions
from piqa_cli.records import Competitor

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class League:
    """One league of one ranking: competitors linked by chains of shared scenes.

    Attributes:
        condition: of the scenes that it ranks; None: all scenes.
        number, count: league `number` of `count`, from 1.
        cells: its sub-table.
        fit: of the additive model.
    """

    condition: str | None
    number: int
    count: int
    cells: Cells
    fit: Fit

    def order(self) -> NDArray[np.int64]:
        """Rows of the table, the best effect first; equal ones in natural order."""
        return np.argsort(positions(self.fit.effects), kind="stable")

    def row_of(self, competitor: Competitor | None) -> int | None:
        """The row of a competitor; None: it isn't in this league."""
        return next((i for i, who in enumerate(self.cells.competitors) if who == competitor), None)


def leagues_of(cells: Cells) -> Iterator[League]:
    """The leagues over all scenes, then those of each condition in natural order."""
    conditions = sorted({c for c in cells.conditions if c is not None}, key=natural)
    for condition in (None, *conditions):
        yield from _leagues(cells, condition)


def _leagues(cells: Cells, condition: str | None) -> Iterator[League]:
    columns = [i for i, met in enumerate(cells.conditions) if condition in (None, met)]
    rows = np.flatnonzero(cells.n[:, columns].sum(axis=1))
    part = cells.of(rows.tolist(), columns)
    found = leagues(part.n > 0)
    for number, members in enumerate(found, start=1):
        shared = np.flatnonzero(part.n[members].sum(axis=0))
        table = part.of(members.tolist(), shared.tolist())
        yield League(condition, number, len(found), table, fit_additive(table.mean))
