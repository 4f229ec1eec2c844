from __future__ import annotations

import itertools

import pytest

from piqa_cli.report.charts.axis import LogAxis, log_axis
from piqa_cli.report.charts.strips import field_path, strip_svg


def test_doublings_are_equally_far_apart():
    axis = log_axis([1 / 400, 1 / 25], "s")
    steps = [axis.percent(n / 400) for n in (1, 2, 4, 8, 16)]
    gaps = [b - a for a, b in itertools.pairwise(steps)]
    assert gaps == pytest.approx([22.0] * 4)
    assert (steps[0], steps[-1]) == pytest.approx((6.0, 94.0))


def test_ticks_are_steps_of_cameras_and_few():
    assert log_axis([50, 800], "ISO").ticks == (50.0, 200.0, 800.0)
    assert log_axis([1 / 2000, 1 / 15], "s").ticks == (1 / 2000, 1 / 500, 1 / 125, 1 / 30)


def test_one_value_gets_a_doubling_around_it():
    axis = log_axis([24.0], "mm")
    assert axis.high == pytest.approx(2 * axis.low)
    assert axis.percent(24.0) == pytest.approx(50.0)


def test_a_field_of_thousands_is_a_short_path():
    axis = log_axis([1.0, 1000.0], "ISO")
    path = field_path(axis, [1.0 + n / 10 for n in range(9990)])
    assert path.count("M") <= 89


def test_a_label_stays_text():
    svg = strip_svg(LogAxis(1, 2, ()), [1.5], field="", label='"><script>')
    assert "<script>" not in svg
    assert svg.count("<circle") == 1
