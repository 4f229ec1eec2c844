"""Tables of landmarks: read for the captures they are about, refused where they can't be meant."""

from pathlib import Path

import pytest

from piqa_cli.discover.landmarks import COLUMNS, with_landmarks
from piqa_cli.errors import PiqaError
from piqa_cli.records import Capture

CAPTURES = [Capture(path, Path(path), "Bar", "Aster") for path in ("Bar/a.jpg", "Bar/b.jpg")]
NUMBERS = [str(n / 2) for n in range(136)]


@pytest.fixture
def table(tmp_path):
    """Writes a table: table(rows) -> file; a row is a path and its cells."""

    def write(*rows, head=("path", *COLUMNS)):
        file = tmp_path / "landmarks.csv"
        file.write_text("\n".join(",".join(row) for row in (head, *rows)) + "\n")
        return file

    return write


def test_points_come_to_the_captures_they_are_about(table):
    other = ("Park/c.jpg", *NUMBERS)  # of a scene that --only left out
    one, two = with_landmarks(CAPTURES, table(("Bar\\a.jpg", *NUMBERS), other))
    assert len(one.given_landmarks) == 68
    assert one.given_landmarks[0] == (0.0, 0.5)
    assert one.given_landmarks[67] == (67.0, 67.5)
    assert two.given_landmarks is None


def test_a_blank_row_has_no_landmarks(table):
    found = with_landmarks(CAPTURES, table(("Bar/a.jpg", *[""] * 136)))
    assert found == CAPTURES


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("Bar/a.jpg", *NUMBERS[:-1], "")], "line 2: y67 is '', not a number"),
        ([("Bar/a.jpg", "nan", *NUMBERS[1:])], "line 2: x0 is 'nan', not a number"),
        ([("Bar/a.jpg", *NUMBERS), ("./Bar/a.jpg", *NUMBERS)], "line 3: Bar/a.jpg stands there"),
        ([("", *NUMBERS)], "line 2: path is blank"),
        ([("captures/Bar/a.jpg", *NUMBERS)], "no row is about a capture of this run"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(rows, message, *, table):
    with pytest.raises(PiqaError, match=message):
        with_landmarks(CAPTURES, table(*rows))


def test_a_missing_point_is_named(table):
    with pytest.raises(PiqaError, match="column 'y67' is missing"):
        with_landmarks(CAPTURES, table(head=("path", *COLUMNS[:-1])))
