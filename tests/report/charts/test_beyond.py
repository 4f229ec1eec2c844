"""Axes follow the usual values; an arrow marks what lies beyond."""

from __future__ import annotations

from piqa_cli.report.charts.axis import Axis, usual_ends
from piqa_cli.report.charts.intervals import interval_line

AXIS = Axis(-1.0, 1.0, (-1.0, 0.0, 1.0), zero=True)


def test_few_values_all_count():
    assert usual_ends([3.0, None, -100.0]) == [-100.0, 3.0]


def test_of_many_values_the_far_ones_decide_nothing():
    many = usual_ends([*range(100), 10_000.0, -10_000.0])
    assert (many[0], many[-1]) == (4, 95)


def test_an_interval_that_goes_on_has_an_arrow_on_that_side():
    assert "beyond" not in interval_line(AXIS, -1.0, 1.001)
    assert interval_line(AXIS, -0.5, 2.0).count("L7 0") == 1
    assert interval_line(AXIS, -3.0, 2.0).count('class="beyond"') == 2
    assert "L-7 0" in interval_line(AXIS, -3.0, 0.5)
