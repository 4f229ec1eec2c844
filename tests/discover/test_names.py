from __future__ import annotations

import os

import pytest

from piqa_cli.discover.names import as_label, as_text, spelling, tidy


def test_bytes_that_are_no_utf8_stay_readable():
    assert as_text(os.fsdecode(b"\xe9\xc3\xa9")) == r"\xe9é"


def test_both_spellings_of_an_accent_are_one_scene(tree, find):
    root = tree("a/cafe\u0301 /1.jpg", "b/caf\u00e9/1.jpg")
    assert {c.scene for c in find(root, "{device}/{scene}").captures} == {"caf\u00e9"}
    assert as_label(" cafe\u0301") == "caf\u00e9"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pixel 8", "pixel 8"),
        ("Pixel 8", "Pixel  8"),
        ("Pixel 8", "Pixel\u00a08"),
        ("Pixel 8", "Pixel\u200b8"),
        ("Pixel 8", "Ｐixel ８"),
        ("Vivo X70 Pro Plus", "VivoX70ProPlus"),
        ("X-T5", "X T5"),
        ("X-T5", "x_t5"),
        ("X-T5", "X–T5"),
        ("Café 5", "Cafe\u0301 5"),
        ("STRASSE 1", "straße 1"),
        ("Xperia™ 1 II", "xperia 1 ii"),
        ("S23+", "S23 +"),
        ("S23+", "S23＋"),
        ("k2@2.1-RC3", "K2 @ 2.1 rc3"),
    ],
)
def test_spellings_of_one_device(one, other):
    assert spelling(one).key == spelling(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pixel 8", "Pixel 8a"),
        ("Pixel 8", "Pixel 9"),
        ("S23", "S23+"),
        ("S23", "S23 Plus"),
        ("S23+", "S23 Plus"),
        ("k2 2.1", "k2 21"),
        ("k2-1", "k21"),
        ("unit 1 2", "unit 12"),
        ("★", "☆"),
        ("हिंदी", "हदी"),
        ("k2@2.1", "k2 2.1"),
    ],
)
def test_different_devices(one, other):
    assert spelling(one).key != spelling(other).key


def test_invisible_characters_go_and_blanks_are_single():
    assert tidy(" Pixel\u00a0\t8\u200b\ufeff ") == "Pixel 8"
