"""Agreement of scores with ratings within scenes, as validation and the test set need it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from piqa_cli.train.material import Rated
from piqa_cli.train.measures import within_scene


def agreement(scores: NDArray[np.float64], rated: Sequence[Rated]) -> tuple[float, float]:
    """Spearman's correlation with JOD in each scene of three pictures or more.

    Returns:
        Its mean over scenes (as the authors report) and its median (as PIQ23's).
    """
    found = within_scene(
        scores.tolist(),
        [item.jod for item in rated],
        scenes=[item.capture.scene for item in rated],
    )
    values = list(found.values()) or [0.0]
    return float(np.mean(values)), float(np.median(values))
