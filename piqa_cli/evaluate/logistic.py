"""The 4-parameter logistic from scores to ratings, before PLCC and MAE are taken."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import expit

if TYPE_CHECKING:
    from numpy.typing import NDArray

Start = Literal["published", "scaled"]
_MOST_EVALUATIONS = 20_000
_CLEARLY_BETTER = 1e-3
"""The second start wins only with a sum of squares this share smaller."""
_ROUNDING = 1e-12  # share of the whole variation below which two fits are equal


@dataclass(frozen=True, slots=True)
class Curve:
    """rating = b2 + (b1 - b2) / (1 + exp(-(score - b3) / |b4|)).

    Attributes:
        b1, b2: rating at the far right and far left, in units of the rating.
        b3, b4: middle and width, in units of the score.
        start: which start values led there.
    """

    b1: float
    b2: float
    b3: float
    b4: float
    start: Start

    def at(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Ratings that the curve expects at these scores."""
        return _logistic(scores, self.b1, self.b2, self.b3, self.b4)

    @property
    def falls(self) -> bool:
        """True where higher scores go with lower ratings."""
        return self.b1 < self.b2


def _logistic(
    scores: NDArray[np.float64], b1: float, b2: float, b3: float, b4: float
) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):  # the search may pass through b4 = 0
        fitted: NDArray[np.float64] = b2 + (b1 - b2) * expit((scores - b3) / abs(b4))
    return fitted


def fit_logistic(scores: NDArray[np.float64], truth: NDArray[np.float64]) -> Curve | None:
    """Fits the curve by least squares (Levenberg-Marquardt, scipy's `curve_fit`).

    The start of DN-PIQA's authors (b1 max rating, b2 min rating, b3 mean score, b4 0.5) suits
    scores on a JOD-like scale only. So that a model's unit doesn't decide, a second start takes
    its width from the scores; it is used where the first fails or is clearly worse.

    Args:
        scores: (n,), n >= 4, not constant.
        truth: (n,), not constant.

    Returns:
        The curve; None where neither start converges.
    """
    best = None
    least = np.inf
    rounding = _ROUNDING * float(np.sum((truth - truth.mean()) ** 2))
    for start, guess in _guesses(scores, truth):
        found = _search(scores, truth, guess)
        if found is None:
            continue
        curve = Curve(*found, start)
        squares = float(np.sum((curve.at(scores) - truth) ** 2))
        if np.isfinite(squares) and squares < least * (1 - _CLEARLY_BETTER) - rounding:
            best, least = curve, squares
    return best


def _guesses(
    scores: NDArray[np.float64], truth: NDArray[np.float64]
) -> Iterator[tuple[Start, tuple[float, ...]]]:
    high, low, middle = float(truth.max()), float(truth.min()), float(scores.mean())
    yield "published", (high, low, middle, 0.5)
    if (scores - middle) @ (truth - truth.mean()) < 0:
        high, low = low, high
    yield "scaled", (high, low, middle, float(scores.std()))


def _search(
    scores: NDArray[np.float64], truth: NDArray[np.float64], guess: tuple[float, ...]
) -> tuple[float, float, float, float] | None:
    from scipy.optimize import OptimizeWarning, curve_fit  # 0.3 CPU-s

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OptimizeWarning)  # on the covariance, unused here
            found, _ = curve_fit(_logistic, scores, truth, p0=guess, maxfev=_MOST_EVALUATIONS)
    except (RuntimeError, ValueError):
        return None
    if not np.isfinite(found).all():
        return None
    b1, b2, b3, b4 = (float(value) for value in found)
    return b1, b2, b3, abs(b4)
