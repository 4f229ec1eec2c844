from __future__ import annotations

import math

import pytest

from piqa_cli.report.scene_gaps import scene_gaps
from tests.report.ranked import LAB, ranked_site


@pytest.fixture
def bar(tmp_path):
    return scene_gaps(ranked_site(tmp_path / "run"))["Bar"]


def noise_of_lab() -> float:
    """t(0.975, 10) = 2.228139 times the pooled standard deviation of the ten repeated cells."""
    pairs = [own for cells in LAB.values() for own in cells.values() if len(own) == 2]
    return 2.228139 * math.sqrt(sum((a - b) ** 2 / 2 for a, b in pairs) / 10)


def test_the_noise_of_a_take_is_taken_back_from_the_intervals(bar):
    assert bar.noise == pytest.approx(noise_of_lab(), rel=1e-6)
    assert bar.mean == pytest.approx((2.1 + 1.2 + 0.8) / 3)


def test_a_gap_to_the_mean_has_the_noise_of_a_contrast(bar):
    gap = bar.to_mean(("Aster", None))
    assert gap.value == pytest.approx(2.1 - 4.1 / 3)
    # Var(a - (a + b + c) / 3) = (4/9 + 1/9 + 1/9) / 2 of a take's variance
    assert gap.high - gap.value == pytest.approx(noise_of_lab() * math.sqrt(6 / 9 / 2), rel=1e-6)
    assert gap.value - gap.low == pytest.approx(gap.high - gap.value)


def test_uneven_takes_count_by_their_number(tmp_path):
    hall = scene_gaps(ranked_site(tmp_path / "run"))["Hall"]
    gap = hall.between(("Aster", None), ("Cedar", None))
    assert gap.value == pytest.approx(2.0)
    assert gap.high - gap.value == pytest.approx(noise_of_lab() * math.sqrt(1 / 2 + 1), rel=1e-6)
    own = hall.to_mean(("Cedar", None))
    weight = (2 / 3) ** 2 / 1 + (1 / 9) / 2 + (1 / 9) / 2
    assert own.high - own.value == pytest.approx(noise_of_lab() * math.sqrt(weight), rel=1e-6)


def test_without_repeated_takes_there_is_no_interval(tmp_path):
    scores = {"Bar": {"Aster": (2.0,), "Birch": (1.0,)}}
    bar = scene_gaps(ranked_site(tmp_path / "run", scores=scores))["Bar"]
    assert bar.between(("Aster", None), ("Birch", None)).low is None
    assert bar.to_mean(("Aster", None)).value == pytest.approx(0.5)
    assert bar.to_mean(("Aster", None)).high is None


def test_alone_in_a_scene_a_device_has_no_interval(tmp_path):
    scores = {"Bar": {"Aster": (2.0, 2.1)}}
    bar = scene_gaps(ranked_site(tmp_path / "run", scores=scores))["Bar"]
    assert bar.to_mean(("Aster", None)).value == 0.0
    assert bar.to_mean(("Aster", None)).low is None
