from __future__ import annotations

import re

from piqa_cli.report.charts.axis import axis_of
from piqa_cli.report.charts.heat_colours import heat_level, heat_limit
from piqa_cli.report.charts.intervals import axis_svg, interval_svg


def test_an_axis_has_round_ticks_around_all_values():
    axis = axis_of([-0.31, 1.72, None], zero=True)
    assert axis.ticks == (-0.5, 0.0, 0.5, 1.0, 1.5, 2.0)


def test_an_axis_of_scores_need_not_hold_zero():
    assert axis_of([7.1, 7.9], zero=False).ticks == (7.0, 7.2, 7.4, 7.6, 7.8, 8.0)


def test_an_axis_of_one_value_or_none_is_still_an_axis():
    assert axis_of([3.0], zero=False).low < 3.0 < axis_of([3.0], zero=False).high
    assert axis_of([], zero=False).ticks == (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def test_positions_run_from_inset_to_inset():
    axis = axis_of([0.0, 1.0], zero=True)
    assert (axis.at(0.0), axis.at(0.5), axis.at(1.0), axis.at(99.0)) == (
        "3.00%",
        "50.00%",
        "97.00%",
        "97.00%",
    )


def test_a_row_shows_dot_interval_and_takes():
    axis = axis_of([0.0, 1.0], zero=True)
    svg = interval_svg(axis, 0.5, low=0.0, high=1.0, takes=(0.25, 0.75), label='A "x"')
    assert '<line class="ci" x1="3.00%" x2="97.00%"' in svg
    assert re.findall(r'class="take" x1="([\d.]+)%', svg) == ["26.50", "73.50"]
    assert 'cx="50.00%"' in svg
    assert 'aria-label="A &#34;x&#34;"' in svg


def test_without_an_interval_none_is_drawn():
    svg = interval_svg(axis_of([1.0], zero=True), 1.0, low=None, high=None, label="A")
    assert 'class="ci"' not in svg


def test_tick_labels_have_the_decimals_they_need():
    assert re.findall(r">([^<]+)</text>", axis_svg(axis_of([-0.5, 0.5], zero=True))) == [
        "−0.6",
        "−0.4",
        "−0.2",
        "0.0",
        "+0.2",
        "+0.4",
        "+0.6",
    ]


def test_heat_colours_are_the_same_both_ways():
    limit = heat_limit([-1.66, 0.3])
    assert limit == 2.0
    assert [heat_level(gap, limit) for gap in (-2.0, -1.0, -0.1, 0.1, 1.0, 2.0)] == [
        -5,
        -2,
        0,
        0,
        2,
        5,
    ]
    assert heat_limit([0.0]) == 1.0
