"""The additive model cell mean = competitor + scene + noise, by least squares, cells may miss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted league of D competitors.

    Attributes:
        effects: (D,) relative to their mean.
        unit_covariance: (D, D); times `variance` it is the covariance of the effects.
        variance: residual variance of a cell; None without degrees of freedom.
        df: residual degrees of freedom.
        levels: (S,) of the scenes: the mean score that a competitor of effect 0 has there.
    """

    effects: NDArray[np.float64]
    unit_covariance: NDArray[np.float64]
    variance: float | None
    df: int
    levels: NDArray[np.float64]

    def effect_errors(self) -> NDArray[np.float64] | None:
        """Standard errors of the effects, (D,)."""
        if self.variance is None:
            return None
        return np.sqrt(self.variance * np.diagonal(self.unit_covariance))

    def gap_errors(self) -> NDArray[np.float64] | None:
        """Standard errors of the gaps between every two effects, (D, D)."""
        if self.variance is None:
            return None
        own = np.diagonal(self.unit_covariance)
        unit = own[:, None] + own[None, :] - 2 * self.unit_covariance
        return np.sqrt(self.variance * np.maximum(unit, 0))  # the diagonal may round below 0


def fit_additive(means: NDArray[np.float64]) -> Fit:
    """Fits one league: competitors linked by shared scenes.

    The scenes are eliminated from the normal equations (Searle, Linear Models, 1971, ch. 7: the
    two-way classification without interaction). What is left, L a = r, is a graph Laplacian whose
    null space is the constant; its pseudo-inverse solves for effects that sum to zero, and is
    their covariance in units of the residual variance.

    Args:
        means: cell means, (D, S), NaN where missing; every cell weighs 1, whatever its captures.
    """
    n_rows, _ = means.shape
    there = np.isfinite(means)
    weights = there.astype(np.float64)
    centre = means[there].mean()
    values = np.where(there, means - centre, 0.0)
    per_scene = weights.sum(axis=0)
    shares = weights / per_scene
    laplacian = np.diag(weights.sum(axis=1)) - shares @ weights.T
    constant = np.full((n_rows, n_rows), 1 / n_rows)
    inverse = np.linalg.inv(laplacian + constant) - constant
    effects = inverse @ (values.sum(axis=1) - shares @ values.sum(axis=0))
    scenes = (values.sum(axis=0) - effects @ weights) / per_scene
    residuals = (values - effects[:, None] - scenes[None, :])[there]
    df = int(there.sum()) - sum(means.shape) + 1
    variance = float(residuals @ residuals) / df if df > 0 else None
    return Fit(effects, (inverse + inverse.T) / 2, variance, df, scenes + centre)


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
