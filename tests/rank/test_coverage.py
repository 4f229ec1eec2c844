"""Share of 95 % intervals of gaps that hold the truth; docs/ranking.md has the same figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.rank.labs import MOODY, UNEQUAL, Case, coverage, gaps, table

DOCUMENT = Path(__file__).parents[2] / "docs" / "ranking.md"


@pytest.mark.parametrize("scenes", [3, 5, 10, 20])
def test_the_intervals_of_200_labs_hold_the_truth(scenes):
    told = coverage(Case("1 to 4 takes", scenes), 200)
    assert 0.925 < told.model < 0.975
    assert 0.925 < told.shared < 0.975
    assert told.model_told == 1


@pytest.mark.parametrize(("case", "n_odd"), [(UNEQUAL, 2), (MOODY, 1)])
def test_where_devices_differ_in_noise_only_the_pairs_hold(case, n_odd):
    told = coverage(case, 200, n_odd=n_odd)
    assert told.model < told.shared
    assert 0.925 < told.shared < 0.975


def test_missing_cells_bias_nothing():
    # Half of the cells are missing; 500 labs of 28 gaps: 4 standard errors of a mean gap.
    labs = list(gaps(Case("half missing", 10, missing=0.5), 500))
    for error in (
        np.array([lab.model - lab.truth for lab in labs]),
        np.array([lab.shared - lab.truth for lab in labs]),
    ):
        count = np.isfinite(error).sum(axis=0)
        worst = np.abs(np.nanmean(error, axis=0)) / (np.nanstd(error, axis=0) / np.sqrt(count))
        assert worst.max() < 4


@pytest.mark.thousand_labs
@pytest.mark.parametrize("scenes", [5, 10, 20])
def test_the_intervals_of_1000_labs_hold_the_truth(scenes):
    told = coverage(Case("1 to 4 takes", scenes), 1000)
    assert 0.93 < told.model < 0.97
    assert 0.93 < told.shared < 0.97


@pytest.mark.thousand_labs
def test_the_document_shows_what_is_measured():
    measured = table(1000)
    print(f"\n{measured}")
    assert measured in DOCUMENT.read_text(encoding="utf-8"), "copy the table that -s prints"
