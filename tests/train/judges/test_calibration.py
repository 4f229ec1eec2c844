from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from piqa_cli.train.judges.calibration import calibration
from piqa_cli.train.judges.ratings import Judged
from piqa_cli.train.mini.ratings import Rated

JOD_PER_UNIT = 2.5
SPREAD = 1 / (0.6745 * 2**0.5)  # of one rating, so that one JOD is 75 % of observers


def judged(scenes, captures, seed=0):
    """Scores, and ratings that are the scores in JOD with people's disagreement added."""
    rng = np.random.default_rng(seed)
    found = []
    for scene in range(scenes):
        for score in rng.normal(0, 0.5, captures):
            jod = JOD_PER_UNIT * score + rng.normal(0, SPREAD)
            row = Rated(Path("a.jpg"), f"s{scene}", float(jod))
            found.append(Judged(row, {"model": float(score)}))
    return found


@pytest.fixture(scope="module")
def row():
    return calibration([judged(60, 12), judged(60, 12, seed=1)])


def test_the_unit_of_synthetic_ratings_is_found(row):
    assert row.jod_per_unit == pytest.approx(JOD_PER_UNIT, rel=0.05)


def test_stated_preferences_then_hold(row):
    assert sum(step.n_pairs for step in row.reliability) == 2 * 60 * 66
    assert len(row.reliability) == 6
    assert all(step.agreed == pytest.approx(step.stated, abs=0.04) for step in row.reliability)


def test_pairs_are_made_within_scenes_of_six_captures_or_more():
    part = [
        *judged(1, 6),
        Judged(Rated(Path("b.jpg"), "small", 99.0), {"model": -99.0}),
        Judged(Rated(Path("c.jpg"), "small", -99.0), {"model": 99.0}),
    ]
    found = calibration([part])
    assert sum(step.n_pairs for step in found.reliability) == 15


def test_equal_ratings_make_no_pair():
    part = [
        Judged(Rated(Path("a.jpg"), "s", float(n // 2)), {"model": n + 0.5 * (n == 2)})
        for n in range(6)
    ]
    assert sum(step.n_pairs for step in calibration([part]).reliability) == 12
