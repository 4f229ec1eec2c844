"""Notes beside a run: read with one warning, copied to the next run."""

from __future__ import annotations

import pytest

from piqa_cli.runs.notes import NOTES, Note, Notes, carry_notes, notes_csv, read_notes

OPEN = Note("Bar", "K2", "1", "left eye", "Soft.", "Mara", "open")
KNOWN = Note("", "K2", "", "", "=halos, again", "", "known")
FIXED = Note("Bar", "K2", "", "", "Done.", "", "fixed")
AWAY = Note("Old hall", "K2", "", "", "Gone.", "", "open")


def test_notes_come_back_as_written(tmp_path):
    (tmp_path / NOTES).write_bytes(notes_csv([OPEN, KNOWN, FIXED]))
    assert read_notes(tmp_path) == Notes((OPEN, KNOWN, FIXED))


def test_a_run_without_notes_has_none(tmp_path):
    assert read_notes(tmp_path) == Notes()


def test_columns_may_lack_and_stand_in_any_order(tmp_path):
    (tmp_path / NOTES).write_text("State;text;device\nOpen;Soft.;K2\n")
    assert read_notes(tmp_path).notes == (Note("", "K2", "", "", "Soft.", "", "open"),)


def test_bad_lines_are_one_warning_with_file_and_line(tmp_path):
    (tmp_path / NOTES).write_text("text,state\nSoft.,open\nSoft.,opne\n,open\n")
    found = read_notes(tmp_path)
    assert [note.text for note in found.notes] == ["Soft."]
    assert found.warning == (
        "notes.csv: line 3 has the state 'opne', which is none of open, known, fixed: "
        "the line was passed over, and 1 more passed over"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"text,who\na,b\n", "notes.csv has no column 'state'"),
        (b"", "notes.csv has no column 'text'"),
        (b'text,state\n"open', "broken CSV"),
        (b"text,state\na,open,more\n", "3 cells where 2 are expected"),
        (b"\xff\x00\xfe", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_a_warning(tmp_path, content, reason):
    (tmp_path / NOTES).write_bytes(content)
    found = read_notes(tmp_path)
    assert found.notes == ()
    assert reason in found.warning


@pytest.fixture
def nights(tmp_path):
    before, to = tmp_path / "1", tmp_path / "2"
    for folder in (before, to):
        folder.mkdir()
    (before / NOTES).write_bytes(notes_csv([OPEN, KNOWN, FIXED, AWAY]))
    return before, to


def carried(nights):
    return carry_notes(*nights, scenes={"Bar"}, devices={"K2"})


def test_open_and_known_notes_go_along_where_scene_and_device_are(nights):
    assert carried(nights) == (
        f"2 open or known from {nights[0]}; 1 left behind: their scene or device isn't in this run"
    )
    assert read_notes(nights[1]).notes == (OPEN, KNOWN)


def test_notes_that_stand_there_already_are_left_alone(nights):
    (nights[1] / NOTES).write_bytes(notes_csv([FIXED]))
    assert carried(nights) == ""
    assert read_notes(nights[1]).notes == (FIXED,)


def test_a_run_isnt_its_own_past(nights):
    assert carry_notes(nights[0], nights[0], scenes=(), devices=()) == ""
    assert read_notes(nights[0]).notes == (OPEN, KNOWN, FIXED, AWAY)
