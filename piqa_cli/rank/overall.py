"""Ranks over all scenes, and over the scenes of each condition."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from piqa_cli.jod import preference
from piqa_cli.rank.cells import Cells, gather
from piqa_cli.rank.intervals import clearly_better, ranks, t_quantile
from piqa_cli.rank.league import League, leagues_of
from piqa_cli.rank.records import Rules, ScoredCapture
from piqa_cli.records import Competitor, DeviceRank
from piqa_cli.settings import DEFAULT_TIE_JOD, By


def rank_overall(
    captures: Sequence[ScoredCapture],
    *,
    by: By | None = None,
    tie_jod: float = DEFAULT_TIE_JOD,
    jod_per_unit: float | None = None,
    reference: Competitor | None = None,
) -> tuple[DeviceRank, ...]:
    """Ranks the competitors by their effect in cell mean = competitor + scene.

    Scores are never mixed raw over scenes, and a missing cell is missing, not last. Competitors
    that share no chain of scenes are leagues of their own, each with its own ranks; effects are
    relative to the league's mean. Intervals are Student's t with the model's residual variance;
    without residual degrees of freedom they are None and the note says so.

    Args:
        captures: all scored captures of a run.
        by: the competitor; None: device + firmware where any firmware is known.
        tie_jod: smaller gaps are ties, in JOD.
        jod_per_unit: of the model; None: its scores have no JOD scale.
        reference: competitor that gaps and preferences are against; None: the league's mean.

    Returns:
        First over all scenes (condition None), then each condition in natural order; by league,
        rank, and natural order of devices.
    """
    if not captures:
        return ()
    found = leagues_of(gather(captures, by))
    return tuple(device_ranks(found, Rules(tie_jod, jod_per_unit, reference)))


def device_ranks(found: Iterable[League], rules: Rules) -> Iterator[DeviceRank]:
    """The rows of every league, in the order of `rank_overall`."""
    for league in found:
        yield from _rank_league(league, rules)


def _rank_league(league: League, rules: Rules) -> Iterator[DeviceRank]:
    cells, fit = league.cells, league.fit
    t = t_quantile(fit.df) if fit.df > 0 else 0.0
    errors, gap_errors = fit.effect_errors(), fit.gap_errors()
    clear = clearly_better(
        fit.effects,
        None if gap_errors is None else t * gap_errors,
        tie_jod=rules.tie_jod,
        jod_per_unit=rules.jod_per_unit,
    )
    rank, low, high = ranks(fit.effects, clear)
    note = _note(league, rules)
    for i in league.order().tolist():
        score = float(fit.effects[i])
        half = None if errors is None else t * float(errors[i])
        gap = _gap(league, i, rules)
        take_sd, take_df = _repeatability(cells, i)
        worst_gap, worst_capture = _worst(league, i)
        yield DeviceRank(
            condition=league.condition,
            league=league.number,
            device=cells.competitors[i].device,
            firmware=cells.competitors[i].firmware,
            n_scenes=int(np.count_nonzero(cells.n[i])),
            n_captures=int(cells.n[i].sum()),
            score=score,
            ci_low=None if half is None else score - half,
            ci_high=None if half is None else score + half,
            rank=int(rank[i]),
            rank_low=int(low[i]),
            rank_high=int(high[i]),
            preference=gap.preference,
            note=note,
            reference=None if rules.reference is None else rules.reference.name,
            gap=gap.size,
            gap_low=None if gap.size is None or gap.half is None else gap.size - gap.half,
            gap_high=None if gap.size is None or gap.half is None else gap.size + gap.half,
            take_sd=take_sd,
            take_df=take_df,
            worst_gap=worst_gap,
            worst_capture=worst_capture,
        )


@dataclass(frozen=True, slots=True)
class _Gap:
    """Gap to the reference; None where it can't be estimated, or there is no reference."""

    size: float | None = None
    half: float | None = None
    preference: float | None = None


def _gap(league: League, row: int, rules: Rules) -> _Gap:
    fit, alone = league.fit, len(league.cells.competitors) == 1
    t = t_quantile(fit.df) if fit.df > 0 else 0.0
    if rules.reference is None:
        size, errors = float(fit.effects[row]), fit.effect_errors()
        half = None if errors is None else t * float(errors[row])
        return _Gap(size, half, None if alone else preference(size, rules.jod_per_unit))
    base = league.row_of(rules.reference)
    if base is None:
        return _Gap()
    if base == row:
        return _Gap(0.0)
    size, gap_errors = float(fit.effects[row] - fit.effects[base]), fit.gap_errors()
    half = None if gap_errors is None else t * float(gap_errors[row, base])
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
    elif league.fit.df == 0:
        notes.append("no interval: too few scenes shared between devices")
    if rules.reference is not None and league.row_of(rules.reference) is None:
        notes.append(f"no gap: the reference {rules.reference.name} has no score in this league")
    if rules.jod_per_unit is None:
        notes.append("no preference: the scores have no JOD scale")
    return "; ".join(notes) or None
