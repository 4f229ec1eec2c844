"""Ranks over all scenes, and over the scenes of each condition."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from piqa_cli.jod import preference
from piqa_cli.rank.cells import Cells
from piqa_cli.rank.contrast import Unevenness, unevenness
from piqa_cli.rank.intervals import clearly_better, ranks
from piqa_cli.rank.league import League
from piqa_cli.rank.records import Rules
from piqa_cli.records import DeviceRank
from piqa_cli.records.ranks import NO_INTERVAL

if TYPE_CHECKING:
    from numpy.typing import NDArray


def device_ranks(found: Iterable[League], rules: Rules) -> Iterator[DeviceRank]:
    """Ranks the competitors by their effect in cell mean = competitor + scene.

    Scores are never mixed raw over scenes, and a missing cell is missing, not last. Competitors
    that share no chain of scenes are leagues of their own, each with its own ranks; effects are
    relative to the league's mean. For intervals see `contrast`; without residual degrees of
    freedom they are None and the note says so. Competitors with too few scenes or captures have
    figures but no rank, and count in nobody's.

    Args:
        found: the leagues over all scenes, then those of each condition.
        rules: of ties, JOD and the reference.

    Returns:
        The rows of the leagues, in their order; by rank, and natural order of devices.
    """
    for league in found:
        yield from _rank_league(league, rules)


def _rank_league(league: League, rules: Rules) -> Iterator[DeviceRank]:
    note, strays = _note(league, rules), unevenness(league.fit)
    places = _places(league, rules)
    for i in (*league.ranked_rows(), *league.unranked_rows()):
        why = league.unranked[i]
        yield _row(league, i, rules, places[i], "; ".join(filter(None, (why, note))), strays)


def _places(league: League, rules: Rules) -> list[tuple[int, int, int]]:
    """Rank, best and worst rank of each row; those that aren't ranked come after the last."""
    rows = league.ranked_rows()
    effects, half = league.fit.effects[rows], league.contrast
    clear = clearly_better(
        effects,
        None if half is None else half.gap_half[np.ix_(rows, rows)],
        tie_jod=rules.tie_jod,
        jod_per_unit=rules.jod_per_unit,
    )
    places = [(len(rows) + 1,) * 3] * len(league.unranked)
    columns: list[NDArray[np.int64]] = list(ranks(effects, clear))
    for row, *place in zip(rows, *(column.tolist() for column in columns), strict=True):
        places[row] = (place[0], place[1], place[2])
    return places


def _row(
    league: League,
    i: int,
    rules: Rules,
    place: tuple[int, int, int],
    note: str,
    strays: Unevenness,
) -> DeviceRank:
    cells, score = league.cells, float(league.fit.effects[i])
    half = None if league.contrast is None else float(league.contrast.effect_half[i])
    gap = _gap(league, i, rules)
    take_sd, take_df = _repeatability(cells, i)
    worst_gap, worst_capture = _worst(league, i)
    known = bool(np.isfinite(strays.sd[i]))
    return DeviceRank(
        condition=league.condition,
        league=league.number,
        device=cells.competitors[i].device,
        firmware=cells.competitors[i].firmware,
        n_scenes=int(np.count_nonzero(cells.n[i])),
        n_captures=int(cells.n[i].sum()),
        score=score,
        ci_low=None if half is None else score - half,
        ci_high=None if half is None else score + half,
        rank=place[0],
        rank_low=place[1],
        rank_high=place[2],
        preference=gap.preference,
        note=note or None,
        reference=None if rules.reference is None else rules.reference.name,
        gap=gap.size,
        gap_low=None if gap.size is None or gap.half is None else gap.size - gap.half,
        gap_high=None if gap.size is None or gap.half is None else gap.size + gap.half,
        take_sd=take_sd,
        take_df=take_df,
        worst_gap=worst_gap,
        worst_capture=worst_capture,
        ranked=league.unranked[i] is None,
        residual_sd=float(strays.sd[i]) if known else None,
        residual_df=float(strays.df[i]) if known else None,
        uneven=bool(strays.clear[i]) if strays.tested[i] else None,
    )


@dataclass(frozen=True, slots=True)
class _Gap:
    """Gap to the reference; None where it can't be estimated, or there is no reference."""

    size: float | None = None
    half: float | None = None
    preference: float | None = None


def _gap(league: League, row: int, rules: Rules) -> _Gap:
    fit, halves = league.fit, league.contrast
    if rules.reference is None:
        alone = len(league.cells.competitors) == 1
        size = float(fit.effects[row])
        half = None if halves is None else float(halves.effect_half[row])
        return _Gap(size, half, None if alone else preference(size, rules.jod_per_unit))
    base = league.row_of(rules.reference)
    if base == row:
        return _Gap(0.0)
    if base is None or league.unranked[base] is not None:
        return _Gap()
    size = float(fit.effects[row] - fit.effects[base])
    half = None if halves is None else float(halves.gap_half[row, base])
    return _Gap(size, half, preference(size, rules.jod_per_unit))


def _repeatability(cells: Cells, row: int) -> tuple[float | None, int]:
    """Standard deviation between takes, pooled over a device's cells, and its df."""
    n = cells.n[row]
    df = int((n[n > 0] - 1).sum())
    return (math.sqrt(float(cells.squares[row].sum()) / df) if df else None), df


def _worst(league: League, row: int) -> tuple[float, str]:
    """The capture furthest below (or least above) the level of its scene."""
    gaps = league.cells.worst[row] - league.fit.levels
    column = int(np.nanargmin(np.round(gaps, 9)))
    return float(gaps[column]), str(league.cells.worst_path[row, column])


def _note(league: League, rules: Rules) -> str | None:
    """Notes on missing values, and on leagues that must not be compared; None: no note."""
    notes: list[str] = []
    if league.count > 1:
        notes.append(
            f"league {league.number} of {league.count}: "
            "shares no scenes with the others, not comparable with them"
        )
    if len(league.cells.competitors) == 1:
        notes.append("alone in its league, nothing to compare it with")
    elif league.contrast is None:
        notes.append(NO_INTERVAL)
    if rules.reference is not None:
        base = league.row_of(rules.reference)
        if base is None:
            notes.append(
                f"no gap: the reference {rules.reference.name} has no score in this league"
            )
        elif why := league.unranked[base]:
            notes.append(f"no gap: the reference {rules.reference.name} is {why}")
    if rules.jod_per_unit is None:
        notes.append("no preference: the scores have no JOD scale")
    return "; ".join(notes) or None
