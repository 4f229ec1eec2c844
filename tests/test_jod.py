"""Meaning of a JOD."""

from __future__ import annotations

import pytest

from piqa_cli.jod import preference, share_preferring


@pytest.mark.parametrize(
    ("gap_jod", "share"),  # Phi(0.6745 * gap), from tables
    [(0.0, 0.5), (1.0, 0.75), (-0.9, 0.2719), (3.0, 0.97849), (-12.0, 2.9e-16)],
)
def test_one_jod_is_three_in_four(gap_jod, share):
    assert share_preferring(gap_jod) == pytest.approx(share, rel=2e-4, abs=3e-17)


def test_units_of_score_count_by_their_jod():
    assert preference(0.5, 2.0) == share_preferring(1.0)
    assert preference(0.5, None) is None
