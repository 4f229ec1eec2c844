from __future__ import annotations

import doctest

import pytest

from piqa_cli.report import slugs, text
from piqa_cli.report.charts import axis, frame, heat_colours, intervals
from piqa_cli.report.text import cell, exposure_time, listed, number, signed, span
from piqa_cli.schema import CAPTURES

COLUMNS = {column.name: column for column in CAPTURES}


@pytest.mark.parametrize("module", [text, slugs, axis, frame, heat_colours, intervals])
def test_examples_in_docstrings(module):
    assert doctest.testmod(module).failed == 0


def test_what_rounds_to_zero_has_no_sign():
    assert (number(-0.004), signed(0.004), signed(-0.004)) == ("0.00", "0.00", "0.00")


def test_an_interval_that_cannot_be_known_is_a_dash():
    assert span(None, None) == "—"


def test_names_in_a_sentence():
    assert (listed(["A"]), listed(["A", "B"])) == ("A", "A and B")


def test_exposure_times():
    assert [exposure_time(s) for s in (1 / 8000, 1 / 4, 0.3, 15.0)] == [
        "1/8000 s",
        "1/4 s",
        "0.3 s",
        "15 s",
    ]


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("exif_exposure_time_s", 1 / 120, "1/120 s"),
        ("exif_aperture_f_number", 1.78, "f/1.78"),
        ("exif_iso", 100.0, "100"),
        ("exif_iso", 12800.0, "12800"),
        ("exif_exposure_bias_ev", 1 / 3, "+0.33 EV"),
        ("exif_ev100", 9.25, "9.2 EV"),
        ("exif_focal_length_mm", 6.86, "6.86 mm"),
        ("exif_digital_zoom_ratio", 2.0, "2×"),
        ("exif_captured_at", "2025-03-04T10:00:00", "2025-03-04 10:00:00"),
        ("bytes", 2_345_678, "2.3 MB"),
        ("has_gain_map", True, "yes"),
        ("bit_depth", 10, "10 bit"),
        ("exif_model", None, None),
    ],
)
def test_cells_have_units(column, value, text):
    assert cell(COLUMNS[column], value) == text
