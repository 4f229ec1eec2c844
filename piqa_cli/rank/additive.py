"""The additive model cell mean = competitor + scene + noise, by least squares, cells may miss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_WEIGHT = 1e-6  # of a cell beside the heaviest one; below it the fit is lost in rounding
_LEAST_SHARE = 0.1  # of the residual variance that stated uncertainties leave to the scenes


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted league of D competitors in S scenes.

    Attributes:
        effects: (D,) relative to the mean of the counted competitors.
        levels: of the scenes, (S,): the mean score that a competitor of effect 0 has there.
        weights: of the cells, (D, S); 0 where missing, 1 where no uncertainty is stated.
        solver: (D, D); effects are this matrix times what the scenes leave of the row sums.
        squares: sum of weighted squared residuals of each competitor, (D,).
        own_df: degrees of freedom of these, (D,); they add up to `df`.
        df: residual degrees of freedom.
    """

    effects: NDArray[np.float64]
    levels: NDArray[np.float64]
    weights: NDArray[np.float64]
    solver: NDArray[np.float64]
    squares: NDArray[np.float64]
    own_df: NDArray[np.float64]
    df: int

    @property
    def variance(self) -> float | None:
        """Residual variance of a cell of weight 1; None without degrees of freedom."""
        return float(self.squares.sum()) / self.df if self.df > 0 else None

    @property
    def shares(self) -> NDArray[np.float64]:
        """Part that each competitor has in the mean of each scene, (D, S)."""
        return self.weights / self.weights.sum(axis=0)


def fit_additive(
    means: NDArray[np.float64],
    *,
    noise: NDArray[np.float64] | None = None,
    counted: NDArray[np.bool_] | None = None,
) -> Fit:
    """Fits one league: competitors linked by shared scenes.

    The scenes are eliminated from the normal equations (Searle, Linear Models, 1971, ch. 7: the
    two-way classification without interaction). What is left, L a = r, is a graph Laplacian whose
    null space is the constant; its pseudo-inverse solves for effects that sum to zero.

    Args:
        means: cell means, (D, S), NaN where missing; every cell weighs 1, whatever its captures.
        noise: stated variances of the cell means, (D, S); cells that are surer than others weigh
            more (see `weights_of`). None: not known.
        counted: (D,), the competitors whose mean effect is 0; None: all.
    """
    fit = _fit(means, np.isfinite(means).astype(np.float64))
    if noise is not None and fit.df > 0:
        fit = _fit(means, weights_of(fit, noise))
    return fit if counted is None or counted.all() or not counted.any() else _from(fit, counted)


def _fit(means: NDArray[np.float64], weights: NDArray[np.float64]) -> Fit:
    n_rows, _ = means.shape
    there = weights > 0
    centre = means[there].mean()
    values = np.where(there, means - centre, 0.0)
    weighted = weights * values
    per_scene = weights.sum(axis=0)
    shares = weights / per_scene
    laplacian = np.diag(weights.sum(axis=1)) - shares @ weights.T
    # A constant of the size of the weights, or one of them would be lost beside the other.
    scale = float(weights.max())
    constant = np.full((n_rows, n_rows), 1 / n_rows)
    inverse = np.linalg.inv(laplacian + scale * constant) - constant / scale
    effects = inverse @ (weighted.sum(axis=1) - shares @ weighted.sum(axis=0))
    scenes = (weighted.sum(axis=0) - effects @ weights) / per_scene
    residuals = np.where(there, values - effects[:, None] - scenes[None, :], 0.0)
    solver = (inverse + inverse.T) / 2
    return Fit(
        effects=effects,
        levels=scenes + centre,
        weights=weights,
        solver=solver,
        squares=(weights * residuals**2).sum(axis=1),
        own_df=(there - _leverages(solver, weights)).sum(axis=1),
        df=int(there.sum()) - sum(means.shape) + 1,
    )


def _leverages(solver: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Leverages of the cells, 0..1, (D, S): part of its own score in each fitted value."""
    per_scene = weights.sum(axis=0)
    shares = weights / per_scene
    through_scene = solver @ shares
    of_scene = np.einsum("ds,ds->s", shares, through_scene)
    found: NDArray[np.float64] = weights * (
        solver.diagonal()[:, None] - 2 * through_scene + of_scene + 1 / per_scene
    )
    return found


def weights_of(fit: Fit, noise: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of cells whose scores are uncertain, (D, S): a cell of median uncertainty has 1.

    A cell varies by its device's reaction to the scene and by the stated variance of its score.
    The former is what the latter leaves of the residual variance, a tenth of it at least, so that
    no cell outweighs all others. No weight is below a millionth of the largest one: stated
    deviations may span any range, and the residual variance may be next to nothing.

    Args:
        fit: with equal weights.
        noise: stated variances of the cell means, (D, S).
    """
    there, variance = fit.weights > 0, fit.variance
    if not variance:
        return fit.weights
    reaction = max(variance - float(noise[there].mean()), _LEAST_SHARE * variance)
    usual = float(np.median(noise[there]))
    weights = np.where(there, (reaction + usual) / (reaction + noise), 0.0)
    return np.where(there, np.maximum(weights, _LEAST_WEIGHT * weights.max()), 0.0)


def _from(fit: Fit, counted: NDArray[np.bool_]) -> Fit:
    """The same fit, with effects relative to the mean of the counted competitors."""
    mean = float(fit.effects[counted].mean())
    return Fit(
        effects=fit.effects - mean,
        levels=fit.levels + mean,
        weights=fit.weights,
        solver=fit.solver - fit.solver[counted].mean(axis=0),
        squares=fit.squares,
        own_df=fit.own_df,
        df=fit.df,
    )


def leagues(there: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Competitors linked by chains of shared scenes.

    Args:
        there: which cells exist, (D, S); every row has one.

    Returns:
        Row numbers of each league, ascending; leagues by size, the largest first, then by row.
    """
    weights = there.astype(np.float64)
    count, labels = connected_components(weights @ weights.T > 0, directed=False)
    found = [np.flatnonzero(labels == league) for league in range(count)]
    return sorted(found, key=lambda rows: (-len(rows), rows[0]))
