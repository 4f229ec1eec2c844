"""Warnings that a lab knows: patterns, and lines on several captures."""

import doctest

from piqa_cli import acknowledge, capture_notes
from piqa_cli.acknowledge import parted_lines
from piqa_cli.capture_notes import note_lines, paths_by_note

NOTES = paths_by_note(
    [
        ("bar/a.jpg", "odd; blurred"),
        ("hall/b.jpg", "odd"),
        ("hall/c.jpg", None),
        ("hall/d.jpg", "odd"),
    ]
)
LINES = ("no face", *note_lines(NOTES))


def test_known_captures_leave_their_line():
    assert LINES == ("no face", "bar/a.jpg and 2 more: odd", "bar/a.jpg: blurred")
    assert parted_lines(LINES, ["BAR/*"], NOTES) == (
        ("no face", "hall/b.jpg and 1 more: odd"),
        ("bar/a.jpg: odd", "bar/a.jpg: blurred"),
    )
    assert parted_lines(LINES, ["hall/?.jpg: odd"], NOTES) == (
        ("no face", "bar/a.jpg: odd", "bar/a.jpg: blurred"),
        ("hall/b.jpg and 1 more: odd",),
    )


def test_a_line_on_several_captures_is_known_by_all_of_them_or_word_for_word():
    for pattern in ("*odd", "bar/a.jpg and 2 more: odd"):
        assert parted_lines(LINES, [pattern], NOTES)[1] == ("bar/a.jpg and 2 more: odd",)
    assert parted_lines(LINES, ["*and 2 more*"], NOTES) == (LINES, ())


def test_examples():
    assert doctest.testmod(acknowledge) == (0, 1)
    assert doctest.testmod(capture_notes) == (0, 1)
