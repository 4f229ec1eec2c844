"""An ensemble by ranks: the mean over models of normal scores within the scene."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from piqa_cli.correlation import average_ranks

if TYPE_CHECKING:
    from numpy.typing import NDArray


def rankits(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Normal scores of the captures of one scene, by the rankit formula.

    z_i = Phi^-1((r_i - 1/2) / n), where r_i is the rank of capture i among the n captures of the
    scene from 1 for the lowest score, equal scores at the mean of their ranks, and Phi the
    distribution function of the standard normal. They depend on nothing but the order of the
    scores, so models of any scale count alike.

    >>> [round(float(z), 3) for z in rankits(np.array([2.0, 9.0, 3.0, 3.0]))]
    [-1.15, 1.15, 0.0, 0.0]
    """
    return np.asarray(ndtri((average_ranks(scores) - 0.5) / len(scores)), dtype=np.float64)


def normal_scores(
    scores: Sequence[Mapping[str, float]], scenes: Mapping[str, str]
) -> dict[str, tuple[float, ...]]:
    """The rankits of every capture that all models scored.

    Args:
        scores: by capture path, of each model.
        scenes: of every capture, by path.

    Returns:
        By capture path, one for each model, in their order.
    """
    found: dict[str, tuple[float, ...]] = {}
    by_scene: dict[str, list[str]] = {}
    for path, scene in scenes.items():
        if all(path in own for own in scores):
            by_scene.setdefault(scene, []).append(path)
    for paths in by_scene.values():
        of_models = [rankits(np.array([own[path] for path in paths])) for own in scores]
        for place, path in enumerate(paths):
            found[path] = tuple(float(own[place]) for own in of_models)
    return found
