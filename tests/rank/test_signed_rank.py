"""The test against scipy's, Holm against statsmodels', and what few scenes can tell."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import wilcoxon
from statsmodels.stats.multitest import multipletests

from piqa_cli.rank.signed_rank import holm, reachable, signed_rank_p, smallest_p

quick = settings(max_examples=60, deadline=None, derandomize=True)


@pytest.mark.parametrize("n", [2, 5, 6, 13, 30, 50])
def test_the_exact_test_is_scipys(n):
    differences = np.random.default_rng(n).normal(0.3, 1, n)
    expected = wilcoxon(differences, method="exact").pvalue
    assert signed_rank_p(differences) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("n", [60, 80])
def test_beyond_fifty_scenes_it_is_scipys_approximation(n):
    differences = np.round(np.random.default_rng(n).normal(0.2, 1, n), 1)
    expected = wilcoxon(differences, method="approx", correction=False).pvalue
    assert signed_rank_p(differences) == pytest.approx(expected, rel=1e-9)


@quick
@given(st.lists(st.integers(-3, 3), min_size=1, max_size=9))
def test_with_equal_sizes_it_counts_every_choice_of_signs(whole):
    left = np.array([value for value in whole if value])
    if not len(left):
        assert signed_rank_p(np.array(whole, dtype=float)) == 1.0
        return
    sizes = np.abs(left)
    ranks = np.array([(np.sum(sizes < s) + np.sum(sizes <= s) + 1) / 2 for s in sizes])
    sums = [np.dot(signs, ranks) for signs in itertools.product([0, 1], repeat=len(ranks))]
    met = ranks[left > 0].sum()
    tail = min(np.mean(np.array(sums) <= met), np.mean(np.array(sums) >= met))
    assert signed_rank_p(np.array(whole) / 10) == pytest.approx(min(1.0, 2 * tail))


def test_float_noise_breaks_no_tie():
    noisy = np.array([0.1 + 0.2, -0.3, 0.3, 0.6 - 0.3, 0.5 - 0.2])
    assert signed_rank_p(noisy) == signed_rank_p(np.array([3.0, -3.0, 3.0, 3.0, 3.0]))


@settings(quick, max_examples=15)  # statsmodels takes 50 ms each time
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_that_of_statsmodels(p):
    expected = multipletests(p, method="holm")[1]
    np.testing.assert_allclose(holm(np.array(p)), expected, rtol=1e-12)


def test_all_of_one_sign_gives_the_smallest_p():
    for n in range(1, 12):
        assert smallest_p(np.array([n]))[0] == signed_rank_p(np.arange(1.0, n + 1))


@pytest.mark.parametrize(
    ("scenes", "kept"),
    [
        ([], []),
        ([5], [False]),
        ([6], [True]),
        ([6, 6], [False, False]),  # 2 / 64 twice is more than .05
        ([7, 6], [True, True]),  # the better one needs 2 / 128 times 2, the other 2 / 64
        ([6, 6, 9], [False, False, True]),
        ([20, 0, 20], [True, False, True]),
    ],
)
def test_what_can_never_be_significant_leaves_the_family(scenes, kept):
    assert reachable(np.array(scenes, dtype=np.int64)).tolist() == kept
