"""Share of 95 % intervals of gaps that hold the truth; docs/ranking.md has the same figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.rank.labs import MIXED, MOODY, NOISY, UNEQUAL, Case, coverage, gaps, table

DOCUMENT = Path(__file__).parents[2] / "docs" / "ranking.md"


@pytest.mark.parametrize("scenes", [3, 5, 10, 20])
def test_the_intervals_of_200_even_labs_hold_the_truth(scenes):
    told = coverage(Case("1 to 4 takes", scenes), 200)
    assert 0.93 < told.told < 0.97
    assert told.wider < 1.15  # the price of not trusting that all devices are alike


@pytest.mark.parametrize(
    ("case", "n_odd", "least"),
    [
        (replace(MOODY, scenes=20), 1, 0.91),
        (UNEQUAL, 2, 0.93),
        (NOISY, 2, 0.93),
        (MIXED, None, 0.93),
    ],
)
def test_where_devices_differ_in_noise_the_intervals_hold_better_than_with_one_variance(
    case, n_odd, least
):
    told = coverage(case, 200, n_odd=n_odd)
    assert told.told > told.even
    assert least < told.told < 0.98


def test_missing_cells_bias_nothing():
    # Half of the cells are missing; 500 labs of 28 gaps: 4 standard errors of a mean gap.
    error = np.array([lab.gap - lab.truth for lab in gaps(Case("", 10, missing=0.5), 500)])
    worst = np.abs(error.mean(axis=0)) / (error.std(axis=0) / np.sqrt(len(error)))
    assert worst.max() < 4


@pytest.mark.thousand_labs
@pytest.mark.parametrize("scenes", [3, 5, 10, 20])
def test_the_intervals_of_1000_labs_hold_the_truth(scenes):
    assert 0.94 < coverage(Case("1 to 4 takes", scenes), 1000).told < 0.96


@pytest.mark.thousand_labs
def test_the_document_shows_what_is_measured():
    measured = table(1000)
    print(f"\n{measured}")
    assert measured in DOCUMENT.read_text(encoding="utf-8"), "copy the table that -s prints"
