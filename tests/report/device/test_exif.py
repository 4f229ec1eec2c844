from __future__ import annotations

from dataclasses import replace

from piqa_cli.records import Exif
from piqa_cli.report.device.exif import camera_view, quantities
from tests.report.ranked import ranked_site

SCORES = {
    "Bar": {"A": (1.0, 1.1), "B": (0.5,), "C": (0.2,)},
    "Hall": {"A": (1.0,), "B": (0.4,), "C": (0.1,)},
}


def camera(tmp_path, exif, device="A"):
    site = ranked_site(tmp_path / "run", scores=SCORES, exif=exif)
    rows = [row for row in site.run.tables.captures if row.device == device]
    return camera_view(site, (device, None), rows, known=quantities(site))


def test_a_device_is_told_against_the_median_device_of_its_scenes(tmp_path):
    exif = {
        "A": Exif(exposure_time_s=1 / 25, iso=100.0, focal_length_mm=6.0),
        "B": Exif(exposure_time_s=1 / 100, iso=200.0, focal_length_mm=5.0),
        "C": Exif(exposure_time_s=1 / 100, iso=400.0, focal_length_mm=4.0),
    }
    view = camera(tmp_path, exif)
    assert [(head.name, head.distance) for head in view.heads] == [
        ("Exposure time", "2.0 EV longer than the scene's median device"),
        ("ISO", "1.0 EV lower than the scene's median device"),
        ("Focal length", "20 % longer than the scene's median device"),
    ]
    assert [strip.text for strip in view.rows[0][1]] == ["1/25 s", "100", "6 mm"]
    assert "ISO 100; the scene&#39;s median device: 200" in view.rows[1][1][1].chart


def test_the_focal_length_is_the_one_that_more_captures_state(tmp_path):
    exif = {
        "A": Exif(focal_length_mm=6.0, focal_length_35mm_mm=24.0),
        "B": Exif(focal_length_mm=5.0, focal_length_35mm_mm=24.0),
    }
    view = camera(tmp_path, exif)
    (head,) = [head for head in view.heads if head.name.startswith("Focal")]
    assert head.name == "Focal length (35 mm eq.)"
    assert head.distance == "as the scene's median device"


def test_a_device_that_states_nothing_has_no_strips(tmp_path):
    view = camera(tmp_path, {"A": Exif(), "B": Exif(iso=100.0)})
    assert (view.heads, view.rows) == ((), ())
    assert dict(view.facts)["Dimensions"] == ("4000 × 3000 (12.0 MP)",)


def test_zero_is_not_drawn_on_a_logarithmic_axis(tmp_path):
    view = camera(tmp_path, {"A": Exif(iso=0.0), "B": Exif(iso=100.0)})
    assert view.heads == ()


def test_facts_count_values_that_not_all_captures_have(tmp_path):
    site = ranked_site(tmp_path / "run", scores=SCORES, exif={"A": Exif(software="build 7")})
    first, *rest = (row for row in site.run.tables.captures if row.device == "A")
    rows = [replace(first, exif_software="build 6", firmware="f6"), *rest]
    facts = dict(camera_view(site, ("A", None), rows, known=()).facts)
    assert facts["Software"] == ("build 7 (2 of 3)", "build 6 (1 of 3)")
    assert facts["Firmware"] == ("f6 (1 of 3)",)
