from __future__ import annotations

import pytest

from piqa_cli.report.pairs.endings import KINDS, SENTENCES, SHORT, pair_kind
from tests.runs.samples import pair_rank


def row(difference, low=None, high=None):
    return pair_rank(difference=difference, ci_low=low, ci_high=high)


@pytest.mark.parametrize(
    ("pair", "kind"),
    [
        (row(0.9, 0.1, 1.7), "clear"),
        (row(-0.9, -1.7, -0.1), "clear"),
        (row(0.3, 0.1, 0.5), "clear"),  # exactly the threshold is no tie
        (row(0.2, 0.1, 0.3), "small"),
        (row(0.1, -0.1, 0.29), "level"),
        (row(0.1, -0.1, 0.3), "open"),
        (row(0.9, -0.2, 2.0), "open"),
        (row(0.9), "single"),
        (row(0.0), "even"),
        (row(None), "apart"),
    ],
)
def test_how_a_comparison_ends(pair, kind):
    assert pair_kind(pair, 0.3) == kind


def test_without_a_jod_scale_there_is_no_tie_to_be_level_in():
    assert pair_kind(row(0.1, 0.05, 0.15), 0.0) == "clear"
    assert pair_kind(row(0.0, -0.01, 0.01), 0.0) == "open"


def test_every_ending_has_its_words():
    assert set(SHORT) == set(KINDS)
    assert set(KINDS) < set(SENTENCES)
    assert "better" not in SENTENCES["open"] + SENTENCES["level"] + SENTENCES["single"]
