from __future__ import annotations

import pytest

from piqa_cli.read.exif_clock import captured_at, timestamp

FORMS = {
    "2024:01:02 03:04:05": "2024-01-02T03:04:05",
    "2024-01-02 03:04:05": "2024-01-02T03:04:05",
    "2024/01/02 03:04:05": "2024-01-02T03:04:05",
    "2024-01-02T03:04:05": "2024-01-02T03:04:05",
    "2024:01:02T03:04:05Z": "2024-01-02T03:04:05+00:00",
    "2024:01:02 03:04:05+08:00": "2024-01-02T03:04:05+08:00",
    "2024:01:02 03:04:05-0530": "2024-01-02T03:04:05-05:30",
    "2024:01:02 03:04:05.678": "2024-01-02T03:04:05.678",
    "2024-01-02T03:04:05.678901234+02:00": "2024-01-02T03:04:05.678901+02:00",
    "2024: 1: 2  3: 4: 5": "2024-01-02T03:04:05",
    "2024:12:31 24:00:00": "2025-01-01T00:00:00",
    "2016:12:31 23:59:60": "2017-01-01T00:00:00",
}
NONE = [
    "0000:00:00 00:00:00",
    "    :  :     :  :  ",
    "2024:02:30 03:04:05",
    "2024:13:01 03:04:05",
    "2024:01:02 24:00:01",
    "2024:01:02 25:00:00",
    "2024:01:02 03:60:05",
    "2024:01:02",
    "9999:12:31 24:00:00",
    "02.01.2024 03:04:05",
    "yesterday",
    "",
]


@pytest.mark.parametrize("text", FORMS)
def test_forms_met_in_files(text):
    assert timestamp(text) == FORMS[text]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_time_is_null(text):
    assert timestamp(text) is None


@pytest.mark.parametrize("value", [b"2024:01:02 03:04:05\0\0\0", b" 2024:01:02 03:04:05  \0x"])
def test_blanks_and_nuls_around_it_are_cut(value):
    assert captured_at({("exif", 0x9003): value}) == "2024-01-02T03:04:05"


def test_tags_of_their_own_come_before_what_the_time_holds():
    tags = {0x9003: "2024:01:02 03:04:05.1Z", 0x9291: "25", 0x9011: "+01:00"}
    found = captured_at({("exif", tag): value for tag, value in tags.items()})
    assert found == "2024-01-02T03:04:05.25+01:00"


def test_a_clock_that_was_never_set_gives_way_to_the_next_tag():
    tags = {("exif", 0x9003): "0000:00:00 00:00:00", ("exif", 0x9004): "2024:01:02 03:04:05"}
    assert captured_at(tags) == "2024-01-02T03:04:05"
