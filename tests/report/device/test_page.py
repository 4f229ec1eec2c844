"""The pages of devices: one each, linked, and true to the tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from piqa_cli.records import Exif
from piqa_cli.report.render import render_report
from tests.report.ranked import LAB, ranked_content, ranked_site
from tests.report.test_render import Page, pages, squeezed
from tests.runs.samples import failed


@pytest.fixture
def report(tmp_path):
    """Renders a run and gives its pages."""

    def render(**changes: object) -> dict[str, Page]:
        ranked_site(tmp_path / "run", **changes)
        render_report(tmp_path / "run")
        return pages(tmp_path / "run")

    return render


def test_every_device_has_its_page_and_neighbours_in_rank(report):
    there = report()
    assert {"device-aster.html", "device-birch.html", "device-cedar.html"} <= set(there)
    links = [(a.get("rel"), a["href"]) for tag, a in there["device-birch.html"].tags if tag == "a"]
    assert ("prev", "device-aster.html") in links
    assert ("next", "device-cedar.html") in links


def test_ranks_and_gaps_of_the_scenes_are_those_of_the_table(report):
    text = squeezed(report()["device-cedar.html"])
    assert "3 of 3 Bar Night −0.57 −0.79 to −0.34 −0.67 0.14 2" in text
    assert "3 of 3 Hall Indoor −1.40 −1.69 to −1.11 −1.40 — 1" in text
    assert "Not in 1 scene: Park (no capture)." in text


def test_rivals_are_said_of_the_device_whose_page_it_is(report):
    text = squeezed(report()["device-birch.html"])
    assert "Aster" in text
    assert "−0.46" in text  # Birch minus Aster; the table of pairs has Aster minus Birch
    assert "0 / 1 / 3" in text
    assert "+0.84" in text
    assert "2 / 1 / 0" in text


def test_warnings_of_its_captures_are_told_once_with_their_number(report):
    results = [
        replace(r, warning="another phone by EXIF") if r.capture.device == "Birch" else r
        for r in ranked_content().findings.results
    ]
    there = report(results=results)
    text = squeezed(there["device-birch.html"])
    assert "1 warning Bar/Birch/1.jpg and 7 more: another phone by EXIF" in text
    assert "another phone" not in there["device-aster.html"].text


def test_captures_that_failed_are_listed_with_their_reason(report):
    results = [*ranked_content().findings.results, failed("Park", "Cedar"), failed("Park", "Dune")]
    there = report(results=results)
    assert "Park (1 failed)" in squeezed(there["device-cedar.html"])
    assert "Park Park/Cedar/broken.jpg read truncated JPEG" in squeezed(there["device-cedar.html"])
    lost = squeezed(there["device-dune.html"])
    assert "None of 1 capture has a score, so it has no rank." in lost


def test_without_repeated_takes_the_page_has_no_intervals_and_says_why(report):
    scores = {scene: {d: own[:1] for d, own in cells.items()} for scene, cells in LAB.items()}
    text = squeezed(report(scores=scores)["device-aster.html"])
    assert "No device has two captures of a scene, so there are no intervals." in text
    assert "Repeatability" not in text


def test_scores_of_a_model_are_called_its_preference(report):
    text = squeezed(report()["device-aster.html"])
    assert "model preference" in text
    assert "observers" not in text


def test_the_camera_of_a_device_is_drawn_over_the_field(report):
    exif = {"Aster": Exif(iso=100.0, software="build 9"), "Birch": Exif(iso=200.0)}
    page = report(exif=exif | {"Cedar": Exif(iso=400.0)})["device-aster.html"]
    assert "Softwarebuild 9" in squeezed(page)
    assert "ISO1.0 EV lower than the scene's median device" in squeezed(page)
    assert page.values("class").count("field") >= 4


def test_devices_of_other_leagues_are_no_rivals(report):
    scores = {"Bar": {"A": (1.0, 1.1), "B": (0.0, 0.1)}, "Hall": {"C": (1.0, 1.2)}}
    text = squeezed(report(scores=scores)["device-c.html"])
    assert "No other device shares a scene with it" in text
    assert "Against its rivals" not in text
    assert "Best and worst" not in text
