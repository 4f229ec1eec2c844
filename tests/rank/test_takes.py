"""Repeatability of a device, and its worst capture."""

from __future__ import annotations

import pytest

from tests.rank.parts import rank_overall


def test_takes_are_pooled_over_the_cells_of_a_device(captures):
    # Squared deviations of a: 2 with 1 degree of freedom, 8 with 2; b has no cell of two takes.
    rows = captures({"s1/a": (1.0, 3.0), "s2/a": (4.0, 6.0, 8.0), "s1/b": (0.0,), "s2/b": (1.0,)})
    told = {rank.device: rank for rank in rank_overall(rows)}
    assert (told["a"].take_sd, told["a"].take_df) == (pytest.approx((10 / 3) ** 0.5), 3)
    assert (told["b"].take_sd, told["b"].take_df) == (None, 0)


def test_a_condition_counts_its_own_takes(captures):
    rows = captures({"s1/a": (1.0, 3.0), "s2/a": (4.0, 4.0)}, {"s1": "Day", "s2": "Night"})
    told = {rank.condition: rank for rank in rank_overall(rows)}
    assert [told[name].take_df for name in (None, "Day", "Night")] == [2, 1, 1]
    assert [told[name].take_sd for name in ("Day", "Night")] == [pytest.approx(2**0.5), 0.0]


def test_the_worst_capture_is_measured_from_the_level_of_its_scene(captures):
    # Levels are 1 (dark) and 9 (day): 0.5 in the dark is no worse than 8 by day.
    rows = captures({"dark/a": (2.0,), "day/a": (12.0, 8.0), "dark/b": (0.5, -0.5)})
    rows += captures({"day/b": (8.0,)})
    told = {rank.device: rank for rank in rank_overall(rows)}
    assert (told["a"].worst_capture, told["a"].worst_gap) == ("day/a/1.jpg", pytest.approx(-1.0))
    assert (told["b"].worst_capture, told["b"].worst_gap) == ("dark/b/1.jpg", pytest.approx(-1.5))


def test_of_equally_bad_captures_the_first_is_named(captures):
    rows = captures({"s1/a": (1.0, 1.0), "s1/b": (1.0,)})
    assert [rank.worst_capture for rank in rank_overall(rows)] == ["s1/a/0.jpg", "s1/b/0.jpg"]
