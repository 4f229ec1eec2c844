"""The picture draws what is known, and no line where runs don't compare."""

import re
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from piqa_cli.history.collect import history_of
from piqa_cli.history.find import read_runs
from piqa_cli.history.marks import Marks
from piqa_cli.history.page import page
from piqa_cli.history.trend import trend_svg
from piqa_cli.records import Competitor
from tests.runs.samples import MODEL

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def history(runs):
    def of(device="A", **options):
        return history_of(read_runs([runs])[0], device, **options)

    return of


def classes(svg, name):
    return [e for e in ET.fromstring(svg).iter() if e.get("class") == name]


def test_runs_that_compare_are_joined_and_others_are_not(night, history):
    night("2026-01-01", {"A": 0.5, "B": -0.5})
    night("2026-01-02", {"A": 0.5, "B": -0.5})
    night("2026-01-03", {"A": 0.5, "C": -0.5})
    night("2026-01-04", {"A": 0.5, "C": -0.5}, source=replace(MODEL, name="large"))
    svg = trend_svg(history())
    assert len(classes(svg, "dot")) == 4
    assert len(classes(svg, "ci")) == 4
    assert len(classes(svg, "line")) == 1
    assert len(classes(svg, "break")) == 1
    assert len(classes(svg, "head")) == 2
    assert "1  2026-01-03: devices: with C, without B" in svg
    assert "Not comparable with the panel above: model tiny, now large" in svg


def test_the_picture_speaks_to_those_who_cannot_see_it(night, history):
    night("2026-01-01", {"A": 0.5, "B": -0.5})
    night("2026-01-03", {"A": 0.75, "B": -0.75})
    root = ET.fromstring(trend_svg(history()))
    assert root.get("role") == "img"
    labels = {e.get("id"): e.text for e in root.iter() if e.get("id")}
    assert root.get("aria-labelledby").split() == list(labels)
    assert labels["trend-title"] == "A: 2 runs, 2026-01-01 to 2026-01-03"
    assert "+0.50 in 2026-01-01 to +0.75 in 2026-01-03" in labels["trend-desc"]
    titles = [e.text for e in root.iter(f"{SVG}title")]
    assert titles[1].startswith("2026-01-01 02:00 UTC, 2026-01-01: +0.50, 95 % interval +0.25 to")


def test_distance_is_time(night, history):
    for day in ("2026-01-01", "2026-01-02", "2026-01-05"):
        night(day, {"A": 0.5})
    x1, x2, x3 = (float(dot.get("cx")) for dot in classes(trend_svg(history()), "dot"))
    assert (x2 - x1) / (x3 - x1) == pytest.approx(0.25, abs=0.001)


def test_a_flat_trend_does_not_look_steep(night, history):
    night("2026-01-01", {"A": 0.500})
    night("2026-01-02", {"A": 0.501})
    y1, y2 = (float(dot.get("cy")) for dot in classes(trend_svg(history()), "dot"))
    assert 0 < y1 - y2 < 1


def test_hostile_names_stay_text(night, history):
    night("2026-01-01", {"<b>&\x07": 0.5})
    svg = trend_svg(history("<b>&\x07"))
    assert "<b>&\ufffd: 1 run" in next(
        e.text for e in ET.fromstring(svg).iter() if e.get("class") == "title"
    )
    assert "<b>" not in page([history("<b>&\x07")])


def test_the_page_needs_no_other_file(night, history):
    night("2026-01-01", {"A": 0.5, "B": -0.5})
    night("2026-01-02", {"A": 0.5, "B": -0.5, "C": 0.1})
    html = page([history()])
    assert not re.search(r'(src|href)="(?!#|data:)', html)
    assert "<title>A: 2 runs, 2026-01-01 to 2026-01-02 – piqa-cli</title>" in html
    assert "devices: with C" in html


def test_equal_runs_give_equal_bytes(night, history):
    night("2026-01-01", {"A": 0.5, "B": -0.5})
    assert trend_svg(history()) == trend_svg(history())
    assert page([history()]) == page([history()])


def test_a_build_is_as_long_as_the_way_to_the_next_one(night, history):
    long = "camera 5.20 (crystal detail, second edition)"
    for day in ("2026-01-01", "2026-01-08", "2026-01-09"):
        night(day, {"A": 0.5, "B": -0.5})
    for second, shown in ((long, [long, "7"]), ("6", [long, "6", "7"])):
        builds = {"2026-01-01": long, "2026-01-08": second, "2026-01-09": "7"}
        marks = Marks({run: {Competitor("A"): Counter([name])} for run, name in builds.items()})
        texts = [text.text for text in classes(trend_svg(history(), marks=marks), "build")]
        assert texts == shown
