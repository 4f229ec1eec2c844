from __future__ import annotations

from dataclasses import replace

import pytest

from piqa_cli.discover.mixups import (
    Taken,
    duplicates,
    mixups,
    same_moments,
    warning_lines,
    with_warnings,
)
from tests.runs.samples import failed, scored

PIXEL = ("Google", "Pixel 8")
GALAXY = ("samsung", "SM-S918B")


def test_folder_names_are_never_held_against_exif():
    rows = [("1", "Galaxy S23 Ultra", *GALAXY), ("2", "p", *PIXEL), ("3", "unknown", None, None)]
    assert mixups(rows) == {}


def test_a_capture_by_another_phone_is_warned_of_alone():
    rows = [(f"p/{i}", "p", *PIXEL) for i in range(3)]
    rows += [("p/x", "p", *GALAXY), ("p/none", "p", None, None)]
    rows += [("g/1", "g", *GALAXY)]
    assert mixups(rows) == {
        "p/x": "device 'p' is Google Pixel 8 by EXIF, but this capture says samsung SM-S918B, "
        "as in device 'g'"
    }


def test_a_folder_of_two_phones_without_majority_warns_on_all():
    text = "device 'p' holds captures by several phones: Google Pixel 8, samsung SM-S918B"
    assert mixups([("1", "p", *PIXEL), ("2", "p", *GALAXY)]) == {"1": text, "2": text}


def test_one_phone_in_two_folders_warns_on_its_captures():
    rows = [("1", "b10", *PIXEL), ("2", "b9", *PIXEL), ("3", "g", *GALAXY)]
    text = "devices 'b9', 'b10' are one phone by EXIF: Google Pixel 8"
    assert mixups(rows) == {"1": text, "2": text}


def test_equal_files_are_warned_of_in_and_across_cells():
    rows = [
        ("s/a/1", "s", "a", "x"),
        ("s/b/1", "s", "b", "x"),
        ("s/b/2", "s", "b", "x"),
        ("s/c/10", "s", "c", "y"),
        ("s/c/9", "s", "c", "y"),
        ("s/d/1", "s", "d", "z"),
    ]
    several = "same content in 3 files under several scenes, devices or firmwares "
    several += "(s/a/1, s/b/1, s/b/2), not counted again: s/b/2"
    twice = "same content in 2 files of one device in one scene (s/c/9, s/c/10), "
    twice += "not counted again: s/c/10"
    assert duplicates(Taken(*row) for row in rows) == {
        **dict.fromkeys(("s/a/1", "s/b/1", "s/b/2"), several),
        **dict.fromkeys(("s/c/9", "s/c/10"), twice),
    }


def test_equal_pixels_under_other_bytes_are_warned_of_like_equal_files():
    rows = [
        Taken("s/a/1", "s", "a", "x", "p"),
        Taken("s/a/2", "s", "a", "y", "p"),
        Taken("s/b/1", "s", "b", "z", "p"),
        Taken("s/b/2", "s", "b", "u", None),
        Taken("s/b/3", "s", "b", "v", None),
    ]
    text = "same pixels in 3 files under several scenes, devices or firmwares "
    text += "(s/a/1, s/a/2, s/b/1), not counted again: s/a/2"
    assert duplicates(rows) == dict.fromkeys(("s/a/1", "s/a/2", "s/b/1"), text)


NOON = "2024-01-01T12:00:00.123+02:00"


def taken(path, moment, *, scene="s", device="a", pixels=None):
    return Taken(path, scene, device, f"bytes of {scene} {device} {path}", pixels, moment)


def test_captures_of_one_moment_are_warned_of():
    rows = [taken("s/a/2", NOON), taken("s/a/10", NOON), taken("s/b/1", NOON, device="b")]
    rows.append(taken("t/a/1", NOON, scene="t"))
    assert same_moments(rows) == {
        "s/a/10": "taken in the same moment as s/a/2 of the same device, by EXIF: "
        "one shot in two files? Both count"
    }


@pytest.mark.parametrize(
    ("names", "moment"),
    [
        (("1.jpg", "2.jpg"), None),
        (("1.jpg", "2.jpg"), "2024-01-01T12:00:00"),
        (("1.jpg", "2.jpg"), "2024-01-01T12:00:00.000+02:00"),
        (("IMG_20231014_183246_BURST001.jpg", "IMG_20231014_183246_BURST002.jpg"), NOON),
    ],
)
def test_a_second_or_a_burst_can_hold_two_takes(names, moment):
    assert same_moments(taken(f"s/a/{name}", moment) for name in names) == {}


def test_a_copy_is_told_once_as_a_copy():
    assert same_moments([taken("1", NOON, pixels="p"), taken("2", NOON, pixels="p")]) == {}


def test_what_was_odd_in_reading_is_a_warning_of_its_capture():
    good, odd = scored("s", "a", 1.0), scored("s", "a", 2.0, take=2)
    odd = replace(odd, facts=replace(odd.facts, warnings=("first", "second")))
    noted = with_warnings([good, odd, failed("s", "b")], ["a", "a", "b"])
    assert [getattr(result, "warning", None) for result in noted] == [None, "first; second", None]
    assert warning_lines(noted) == ("s/a/2.jpg: first", "s/a/2.jpg: second")


def test_a_face_that_may_be_anothers_is_warned_of():
    sure, odd = scored("s", "a", 1.0), scored("s", "b", 2.0)
    odd = replace(odd, face=replace(odd.face, match="unclear"))
    noted = with_warnings([sure, odd], ["a", "b"])
    assert noted[0].warning is None
    assert "may be another person's" in noted[1].warning
