"""The figures of one scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from piqa_cli.correlation import (
    is_constant,
    kendall,
    pearson,
    spearman,
    spearman_interval,
    why_undefined,
)
from piqa_cli.evaluate.logistic import Curve, fit_logistic

METRICS = {
    "srcc": "SRCC",
    "plcc": "PLCC",
    "plcc_fitted": "PLCC fitted",
    "krcc": "KRCC",
    "mae": "MAE",
    "average": "avg-corr",
}


@dataclass(frozen=True, slots=True)
class RatedPhoto:
    """One photograph with a score and a human rating; higher is better in both."""

    path: str
    scene: str
    score: float
    truth: float
    truth_std: float | None = None
    device: str | None = None
    firmware: str | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class SceneAgreement:
    """Agreement of scores and ratings within one scene; None where a figure doesn't exist.

    Attributes:
        scene, condition, n: which, and how many photographs.
        srcc: Spearman.
        srcc_low, srcc_high: its 95 % interval (`spearman_interval`).
        plcc: Pearson, raw scores.
        plcc_fitted: Pearson after the logistic.
        krcc: Kendall's tau-b.
        mae: mean absolute error after the logistic, in units of the rating.
        average: mean of srcc, plcc and krcc, the "averaged correlations" of the NTIRE 2024
            survey.
        curve: the fitted logistic.
        note: why something is missing, or must be read with care.
    """

    scene: str
    condition: str | None
    n: int
    srcc: float | None = None
    plcc: float | None = None
    plcc_fitted: float | None = None
    krcc: float | None = None
    mae: float | None = None
    average: float | None = None
    srcc_low: float | None = None
    srcc_high: float | None = None
    curve: Curve | None = None
    note: str | None = None

    def metric(self, name: str) -> float | None:
        """One of METRICS by name."""
        value: float | None = getattr(self, name)
        return value


def scene_agreement(photos: Sequence[RatedPhoto]) -> SceneAgreement:
    """The figures of the photographs of one scene."""
    scores = np.array([photo.score for photo in photos])
    truth = np.array([photo.truth for photo in photos])
    scene, condition, n = photos[0].scene, photos[0].condition, len(photos)
    reason = why_undefined(scores, truth)
    if reason is not None:
        return SceneAgreement(scene, condition, n, note=f"undefined: {reason}")
    srcc, plcc, krcc = spearman(scores, truth), pearson(scores, truth), kendall(scores, truth)
    low, high = spearman_interval(srcc, n) or (None, None)
    curve = fit_logistic(scores, truth)
    plcc_fitted, mae, note = None, None, "no fit: it doesn't converge"
    if curve is not None:
        fitted = curve.at(scores)
        mae = float(np.abs(fitted - truth).mean())
        is_flat = is_constant(fitted)
        plcc_fitted = None if is_flat else pearson(fitted, truth)
        note = _note(is_flat, curve)
    return SceneAgreement(
        scene=scene,
        condition=condition,
        n=n,
        srcc=srcc,
        plcc=plcc,
        plcc_fitted=plcc_fitted,
        krcc=krcc,
        mae=mae,
        average=(srcc + plcc + krcc) / 3,
        srcc_low=low,
        srcc_high=high,
        curve=curve,
        note=note or None,
    )


def _note(is_flat: bool, curve: Curve) -> str:
    if is_flat:
        return "no PLCC fitted: the curve is flat"
    return "the fitted curve falls: scores run against the truth" if curve.falls else ""
