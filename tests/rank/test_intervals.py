from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from piqa_cli.rank.intervals import clearly_better, ranks, t_quantile


@pytest.mark.parametrize(
    ("df", "quantile"), [(1, 12.7062), (2, 4.3027), (10, 2.2281), (30, 2.0423), (10**6, 1.96)]
)
def test_quantiles_of_t_are_those_of_the_tables(df, quantile):
    assert t_quantile(df) == pytest.approx(quantile, abs=5e-5)


def test_a_clear_gap_needs_interval_and_jod():
    scores = np.array([1.0, 0.5])
    wide, narrow = np.full((2, 2), 0.6), np.full((2, 2), 0.4)
    told = [
        clearly_better(scores, halves, tie_jod=tie, jod_per_unit=jod)[0, 1]
        for halves, tie, jod in [
            (narrow, 0.3, 1.0),
            (wide, 0.3, 1.0),
            (narrow, 0.6, 1.0),
            (narrow, 0.6, 2.0),
            (None, 0.5, 1.0),
            (narrow, 9.0, None),
            (None, 0.0, None),
        ]
    ]
    assert told == [True, False, False, True, True, True, False]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(arrays(np.float64, st.integers(1, 12), elements=st.floats(-9, 9)), st.floats(0, 3))
def test_the_rank_lies_in_its_range_and_ranges_never_widen_with_smaller_ties(scores, tie):
    wide = ranks(scores, clearly_better(scores, None, tie_jod=tie, jod_per_unit=1.0))
    narrow = ranks(scores, clearly_better(scores, None, tie_jod=tie / 2, jod_per_unit=1.0))
    assert (wide[1] <= wide[0]).all()
    assert (wide[0] <= wide[2]).all()
    assert (wide[1] <= narrow[1]).all()
    assert (narrow[2] <= wide[2]).all()
    assert wide[0].min() == 1
