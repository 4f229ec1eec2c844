"""Gaps to a reference and the noise between takes on the first page."""

from __future__ import annotations

from dataclasses import replace

from piqa_cli.report.render import render_report
from tests.report.test_render import Page, squeezed
from tests.runs.samples import device_rank


def index(folder) -> str:
    return squeezed(Page(render_report(folder)))


def test_gaps_stand_beside_the_scores(make_run):
    a = replace(device_rank("A", 0.5, 1), reference="B", gap=1.0, gap_low=-0.25, gap_high=2.25)
    b = replace(device_rank("B", -0.5, 2), reference="B", gap=0.0, preference=None)
    text = index(make_run(device_ranks=[a, b]))
    assert "Gap to B 95 % interval Model preference" in text
    assert "+0.50 +0.25 to +0.75 +1.00 −0.25 to +2.25 61 %" in text
    assert "−0.50 −0.75 to −0.25 — — —" in text
    assert "prefer a picture of this device to one of B: 75" in text


def test_the_chart_has_fewer_ticks_beside_the_gaps(make_run):
    a = replace(device_rank("A", 0.6, 1), ci_low=0.2, ci_high=1.0)
    b = replace(device_rank("B", -0.6, 2), ci_low=-1.3, ci_high=0.0)
    plain, wide = [a, b], [replace(row, reference="B", gap=row.score + 0.6) for row in (a, b)]
    assert "−1.5−1.0−0.50.0+0.5+1.0" in index(make_run(device_ranks=plain))
    assert "−2−10+1" in index(make_run("two", device_ranks=wide))


def test_a_reference_with_firmware_has_the_name_of_the_page(make_run):
    ranks = [
        replace(device_rank(d, 0.5, n), firmware="v1", reference="A@v1", gap=0.0)
        for n, d in enumerate("AB", 1)
    ]
    assert "Gap to A · v1" in index(make_run(device_ranks=ranks, results=[]))


def test_without_a_reference_there_is_no_such_column(make_run):
    text = index(make_run())
    assert "points 95 % interval Model preference" in text
    assert "prefer a picture of this device to one of the mean device: 75" in text


def test_noise_between_takes_is_shown_where_it_is_known(make_run):
    assert "Between takes" not in index(make_run())
    a = replace(device_rank("A", 0.5, 1), take_sd=0.125, take_df=3)
    text = index(make_run("two", device_ranks=[a, device_rank("B", -0.5, 2)]))
    assert "Captures Between takes 1 A" in text
    assert "61 % 2 2 0.12 2 B" in text
    assert "61 % 2 2 —" in text
