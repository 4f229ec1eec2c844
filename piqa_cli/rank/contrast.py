"""The interval of every effect and of every gap of a league: the one source of all that is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import fdtrc

from piqa_cli.rank.additive import Fit
from piqa_cli.rank.intervals import t_quantiles
from piqa_cli.rank.signed_rank import LEVEL, holm

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIELD_DF = 2.5
"""Degrees of freedom that the variance of the whole field counts for beside a competitor's own.

Chosen by simulation and on human ratings: more of them make the intervals of uneven devices too
narrow again, fewer make all intervals of small labs wide. See docs/ranking.md."""
_FEWEST_DF = 0.5  # own degrees of freedom below which a competitor's residuals say nothing of it
_NO_DF = 1e-9  # above the rounding of degrees of freedom that are 0
_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Contrast:
    """Intervals of a league of D competitors.

    Attributes:
        effect_half: half of the 95 % interval of each effect, (D,).
        gap_half: the same of the gap between every two effects, (D, D), symmetric.
        gap_df: degrees of freedom of that, (D, D); on the diagonal, of the fit.
    """

    effect_half: NDArray[np.float64]
    gap_half: NDArray[np.float64]
    gap_df: NDArray[np.float64]


def contrast(fit: Fit, *, field_df: float = FIELD_DF) -> Contrast | None:
    """The intervals of a fit; None: it has no residual degrees of freedom.

    Effects are weighted sums of cells, and every competitor has a variance of its own, so the
    variance of a gap is the sum of what its two, and all the others, add. Its degrees of freedom
    follow from theirs (Satterthwaite, An Approximate Distribution of Estimates of Variance
    Components, 1946), but are never more than those of the whole fit.

    Args:
        fit: of one league.
        field_df: degrees of freedom that the field's variance counts for beside a competitor's
            own; with very many, all have the same variance.
    """
    if fit.df <= 0:
        return None
    variances = own_variances(fit, field_df=field_df)
    cell_sums = _CellSums.of(fit, variances)
    effect, gap = cell_sums.variances()
    own_effect, own_gap = cell_sums.own_parts()
    df = field_df + fit.own_df
    rest_effect, rest_gap = effect - own_effect, gap - own_gap - own_gap.T
    effect_spread = own_effect**2 / df + rest_effect**2 / fit.df
    gap_part = own_gap**2 / df[:, None]
    gap_spread = gap_part + gap_part.T + rest_gap**2 / fit.df
    effect_df, gap_df = _df(effect, effect_spread, fit.df), _df(gap, gap_spread, fit.df)
    return Contrast(_half(effect, effect_df), _symmetric_half(gap, gap_df), gap_df)


@dataclass(frozen=True, slots=True)
class _CellSums:
    """Sums over cells that the variances of effects and gaps are made of.

    The cell of competitor k in scene s counts w_ks (A_ik - Q_is) in effect i, with A the solver
    and Q the solver times the shares, and has the variance v_k / w_ks.
    """

    variances_of_cells: NDArray[np.float64]
    weights: NDArray[np.float64]
    solver: NDArray[np.float64]
    through_scene: NDArray[np.float64]

    @classmethod
    def of(cls, fit: Fit, variances: NDArray[np.float64]) -> _CellSums:
        """The sums of a fit whose competitors have these variances, (D,)."""
        return cls(variances, fit.weights, fit.solver, fit.solver @ fit.shares)

    def variances(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Variance of each effect, (D,), and of each gap, (D, D)."""
        noisy = self.variances_of_cells[:, None] * self.weights
        mixed = self.solver @ noisy @ self.through_scene.T
        covariance = (
            (self.solver * noisy.sum(axis=1)) @ self.solver.T
            - mixed
            - mixed.T
            + (self.through_scene * noisy.sum(axis=0)) @ self.through_scene.T
        )
        own = covariance.diagonal()
        return own.copy(), own[:, None] + own[None, :] - covariance - covariance.T

    def own_parts(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Parts of competitor i's own cells in its effect, (D,), and in its gap to j, (D, D)."""
        weights, q = self.weights, self.through_scene
        step = self.solver.diagonal()[:, None] - self.solver.T
        total, weighted = weights.sum(axis=1)[:, None], weights * q
        square = (weighted * q).sum(axis=1)[:, None]
        own = self.solver.diagonal()[:, None]
        linear = weighted.sum(axis=1)[:, None]
        effect = own**2 * total - 2 * own * linear + square
        gap = (
            step**2 * total
            + square
            + weights @ (q**2).T
            - 2 * step * (linear - weights @ q.T)
            - 2 * weighted @ q.T
        )
        v = self.variances_of_cells
        return v * effect[:, 0], v[:, None] * gap


def _df(
    variance: NDArray[np.float64], spread: NDArray[np.float64], most: int
) -> NDArray[np.float64]:
    """Satterthwaite's degrees of freedom, at most those of the fit."""
    df = np.full(variance.shape, float(most))
    np.divide(variance**2, spread, out=df, where=spread > 0)
    return np.minimum(df, most)


def _half(variance: NDArray[np.float64], df: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half widths of 95 % intervals, by Student's t."""
    return t_quantiles(df) * np.sqrt(np.maximum(variance, 0.0))  # a zero may round below 0


def _symmetric_half(variance: NDArray[np.float64], df: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same for a symmetric matrix with a zero diagonal: each pair once."""
    above = np.triu_indices(len(variance), 1)
    half = np.zeros(variance.shape)
    half[above] = _half(variance[above], df[above])
    return half + half.T


def own_variances(fit: Fit, *, field_df: float = FIELD_DF) -> NDArray[np.float64]:
    """Variance of a cell of weight 1 for each competitor, (D,), moderated towards the field's.

    A variance from few residuals is a rough one; so the field's counts for `field_df` degrees of
    freedom beside them (the moderation of Smyth, Linear Models and Empirical Bayes Methods, 2004,
    with prior degrees of freedom that are fixed, not estimated). Residuals of a competitor also
    hold a part of its rivals' noise, which comes in by the levels of the scenes; the second step
    takes it out. In a complete table that is exact.
    """
    moderated = (field_df * (fit.variance or 0.0) + fit.squares) / (field_df + fit.own_df)
    mixing = _mixing(fit)
    own = moderated.copy()
    for _ in range(_ROUNDS):
        expected = mixing @ own
        own *= np.divide(moderated, expected, out=np.ones_like(own), where=expected > 0)
    return own


def _mixing(fit: Fit) -> NDArray[np.float64]:
    """Shares of the competitors' variances in the residuals of each, (D, D); rows add up to 1.

    A competitor without degrees of freedom moves no level, so it has no part in its rivals'.
    """
    weights = np.where(fit.own_df[:, None] > _NO_DF, fit.weights, 0.0)
    per_scene = weights.sum(axis=0)
    shares = np.divide(weights, per_scene, out=np.zeros_like(weights), where=per_scene > 0)
    mixing = shares @ shares.T
    own = ((1 - 2 * shares) * (weights > 0)).sum(axis=1)
    mixing[np.diag_indices(len(mixing))] += own
    total = mixing.sum(axis=1, keepdims=True)
    return np.divide(mixing, total, out=np.eye(len(mixing)), where=total > _NO_DF)


@dataclass(frozen=True, slots=True)
class Unevenness:
    """Residuals of D competitors, who stray from the additive model by more or less.

    Attributes:
        sd: standard deviation of its residuals, (D,); NaN where it has too few.
        df: their degrees of freedom, (D,).
        clear: whether that is clearly more than its rivals' have, (D,).
        tested: whether that could be tested, (D,).
    """

    sd: NDArray[np.float64]
    df: NDArray[np.float64]
    clear: NDArray[np.bool_]
    tested: NDArray[np.bool_]


def unevenness(fit: Fit) -> Unevenness:
    """Compares the residuals of each competitor with those of its rivals.

    A one-sided F test of its variance against that of all others together, adjusted by Holm over
    the competitors of the league, at the level .05.
    """
    df = np.maximum(fit.own_df, 0.0)
    known = df >= _FEWEST_DF
    sd = np.full(len(df), np.nan)
    np.sqrt(np.divide(fit.squares, df, out=sd, where=known), out=sd)
    rest_df, rest = df.sum() - df, fit.squares.sum() - fit.squares
    tested = known & (rest_df >= 1) & (rest > 0)
    clear = np.zeros(len(df), dtype=np.bool_)
    ratio = sd[tested] ** 2 / (rest[tested] / rest_df[tested])
    clear[tested] = holm(fdtrc(df[tested], rest_df[tested], ratio)) <= LEVEL
    return Unevenness(sd, df, clear, tested)
