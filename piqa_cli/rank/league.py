"""Leagues, fitted and in order: the start of device ranks and comparisons of pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from piqa_cli.natural import natural
from piqa_cli.rank.additive import Fit, fit_additive, leagues
from piqa_cli.rank.cells import Cells
from piqa_cli.rank.contrast import Contrast, contrast
from piqa_cli.rank.intervals import positions
from piqa_cli.rank.records import Rules
from piqa_cli.records import Competitor

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NOT_RANKED = "not ranked: "


@dataclass(frozen=True, slots=True)
class League:
    """One league of one ranking: competitors linked by chains of shared scenes.

    Attributes:
        condition: of the scenes that it ranks; None: all scenes.
        number, count: league `number` of `count`, from 1.
        cells: its sub-table.
        unranked: why each competitor isn't ranked; None: it is.
        fit: of the additive model; the mean of those that are ranked is 0.
        contrast: intervals of effects and gaps; None: the fit leaves no degrees of freedom.
    """

    condition: str | None
    number: int
    count: int
    cells: Cells
    unranked: tuple[str | None, ...]
    fit: Fit
    contrast: Contrast | None

    def ranked_rows(self) -> list[int]:
        """Rows of the competitors that are ranked, the best first; equal ones in natural order."""
        rows = np.array([i for i, why in enumerate(self.unranked) if why is None], dtype=np.int64)
        order = np.argsort(positions(self.fit.effects[rows]), kind="stable")
        return [int(row) for row in rows[order]]

    def unranked_rows(self) -> list[int]:
        """Rows of the others, in natural order."""
        return [i for i, why in enumerate(self.unranked) if why is not None]

    def row_of(self, competitor: Competitor | None) -> int | None:
        """The row of a competitor; None: it isn't in this league."""
        return next((i for i, who in enumerate(self.cells.competitors) if who == competitor), None)


def leagues_of(cells: Cells, rules: Rules) -> Iterator[League]:
    """The leagues over all scenes, then those of each condition in natural order.

    A competitor that isn't ranked over all scenes isn't in a condition either: fewer scenes are no
    better evidence.
    """
    conditions = sorted({c for c in cells.conditions if c is not None}, key=natural)
    everywhere = list(_leagues(cells, None, rules, {}))
    yield from everywhere
    known = {
        who: f"not ranked over all scenes: {why.removeprefix(_NOT_RANKED)}"
        for league in everywhere
        for who, why in zip(league.cells.competitors, league.unranked, strict=True)
        if why is not None
    }
    for condition in conditions:
        yield from _leagues(cells, condition, rules, known)


def _leagues(
    cells: Cells, condition: str | None, rules: Rules, known: Mapping[Competitor, str]
) -> Iterator[League]:
    """The leagues of one ranking; `known`: competitors that are ranked in none, with the reason."""
    columns = [i for i, met in enumerate(cells.conditions) if condition in (None, met)]
    rows = np.flatnonzero(cells.n[:, columns].sum(axis=1))
    part = cells.of(rows.tolist(), columns)
    fewest = rules.fewest_scenes(len(columns), condition)
    found = leagues(part.n > 0)
    for number, members in enumerate(found, start=1):
        shared = np.flatnonzero(part.n[members].sum(axis=0))
        table = part.of(members.tolist(), shared.tolist())
        own = _unranked(table, fewest, rules.min_captures)
        unranked = tuple(known.get(w, y) for w, y in zip(table.competitors, own, strict=True))
        fit = fit_additive(
            table.mean,
            noise=_cell_noise(table),
            counted=np.array([why is None for why in unranked]),
        )
        yield League(condition, number, len(found), table, unranked, fit, contrast(fit))


def _unranked(table: Cells, min_scenes: int, min_captures: int) -> tuple[str | None, ...]:
    """Reasons for which competitors of a league aren't ranked; None: it is.

    A scene that no other competitor has tells nothing of it, so such scenes don't count.
    """
    there = table.n > 0
    shared = there.sum(axis=0) > 1 if len(there) > 1 else np.ones(there.shape[1], dtype=np.bool_)
    n_scenes, n_captures = (there & shared).sum(axis=1), table.n.sum(axis=1)
    return tuple(
        _too_few(int(scenes), min_scenes, "scene") or _too_few(int(shots), min_captures, "capture")
        for scenes, shots in zip(n_scenes, n_captures, strict=True)
    )


def _too_few(count: int, fewest: int, what: str) -> str | None:
    if count >= fewest:
        return None
    having = f"{count} {what}{'' if count == 1 else 's'}"
    shared = " shared with others" if what == "scene" else ""
    return f"{_NOT_RANKED}{having}{shared}, {fewest} needed"


def _cell_noise(table: Cells) -> NDArray[np.float64] | None:
    """Stated variances of the cell means.

    A cell weighs the same whatever its captures, so all are taken to have the mean number.
    """
    if table.noise is None:
        return None
    return table.noise * float((1 / table.n[table.n > 0]).mean())
