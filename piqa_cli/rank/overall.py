"""Ranks over all scenes, and over the scenes of each condition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from piqa_cli.natural import natural
from piqa_cli.rank.additive import Fit, fit_additive, leagues
from piqa_cli.rank.cells import Cells, gather
from piqa_cli.rank.intervals import clearly_better, ranks, t_quantile
from piqa_cli.rank.records import ScoredCapture
from piqa_cli.records import DeviceRank
from piqa_cli.settings import DEFAULT_TIE_JOD, By

_Z_OF_75_PERCENT = 0.6745  # 1 JOD: 75 % of observers prefer the better one


@dataclass(frozen=True, slots=True)
class _Rules:
    tie_jod: float
    jod_per_unit: float | None


@dataclass(frozen=True, slots=True)
class _League:
    """One league of one ranking.

    Attributes:
        condition: whose scenes it ranks; None: all.
        number, count: league `number` of `count`, from 1.
        cells: its sub-table.
    """

    condition: str | None
    number: int
    count: int
    cells: Cells


def rank_overall(
    captures: Sequence[ScoredCapture],
    *,
    by: By | None = None,
    tie_jod: float = DEFAULT_TIE_JOD,
    jod_per_unit: float | None = None,
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

    Returns:
        First over all scenes (condition None), then each condition in natural order; by league,
        rank, and natural order of devices.
    """
    if not captures:
        return ()
    cells = gather(captures, by)
    rules = _Rules(tie_jod, jod_per_unit)
    conditions = sorted({c for c in cells.conditions if c is not None}, key=natural)
    return tuple(
        rank
        for condition in (None, *conditions)
        for league in _leagues(cells, condition)
        for rank in _rank_league(league, rules)
    )


def _leagues(cells: Cells, condition: str | None) -> Iterator[_League]:
    """The leagues among the scenes of a condition; None: among all scenes."""
    columns = [i for i, met in enumerate(cells.conditions) if condition in (None, met)]
    rows = np.flatnonzero(cells.n[:, columns].sum(axis=1))
    part = cells.of(rows.tolist(), columns)
    found = leagues(part.n > 0)
    for number, members in enumerate(found, start=1):
        shared = np.flatnonzero(part.n[members].sum(axis=0))
        league = part.of(members.tolist(), shared.tolist())
        yield _League(condition, number, len(found), league)


def _rank_league(league: _League, rules: _Rules) -> Iterator[DeviceRank]:
    cells = league.cells
    fit = fit_additive(cells.mean)
    t = t_quantile(fit.df) if fit.df > 0 else 0.0
    errors, gap_errors = fit.effect_errors(), fit.gap_errors()
    clear = clearly_better(
        fit.effects,
        None if gap_errors is None else t * gap_errors,
        tie_jod=rules.tie_jod,
        jod_per_unit=rules.jod_per_unit,
    )
    rank, low, high = ranks(fit.effects, clear)
    note = _note(league, fit, rules)
    for i in np.argsort(rank, kind="stable"):
        score = float(fit.effects[i])
        half = None if errors is None else t * float(errors[i])
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
            preference=_preference(score, league, rules),
            note=note,
        )


def _preference(score: float, league: _League, rules: _Rules) -> float | None:
    """Share that prefers it to the league's mean device, 0..1."""
    if rules.jod_per_unit is None or len(league.cells.competitors) == 1:
        return None
    return float(ndtr(_Z_OF_75_PERCENT * score * rules.jod_per_unit))


def _note(league: _League, fit: Fit, rules: _Rules) -> str | None:
    """Why something is missing, or what a reader must not compare."""
    notes: list[str] = []
    if league.count > 1:
        notes.append(
            f"league {league.number} of {league.count}: "
            "shares no scenes with the others, not comparable with them"
        )
    if len(league.cells.competitors) == 1:
        notes.append("alone in its league, nothing to compare it with")
    elif fit.df == 0:
        notes.append("no interval: too few scenes shared between devices")
    if rules.jod_per_unit is None:
        notes.append("no preference: the model's scores have no JOD scale")
    return "; ".join(notes) or None
