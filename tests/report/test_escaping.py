"""Names on pages: whole where they are short, and always the characters that they have."""

from __future__ import annotations

import doctest
import html
import re

import pytest

from piqa_cli.records import units
from piqa_cli.report import escaping
from piqa_cli.report.escaping import unbroken


@pytest.mark.parametrize("module", [escaping, units])
def test_examples_in_docstrings(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "tolvika-t9 leads; Arcton X-200 may be as good",
        "a-b <i> & c",
        "SamsungGalaxy_S21Ultra5G",
        "",
    ],
)
def test_a_copied_name_is_the_true_one(text):
    assert html.unescape(re.sub(r"<[^>]*>", "", unbroken(text, 12))) == text


def test_hyphenated_words_stay_whole_unless_they_are_too_long_for_a_phone():
    assert str(unbroken("x-1 y", 12)) == '<span class="whole">x-1</span> y'
    assert "whole" not in unbroken("a-name-of-many-hyphens", 12)


def test_dashes_between_blanks_and_minus_signs_are_no_names():
    assert str(unbroken("\N{MINUS SIGN}1.2 - 3 to 1\N{EN DASH}4")) == (
        "\N{MINUS SIGN}1.2 - 3 to 1\N{EN DASH}4"
    )
