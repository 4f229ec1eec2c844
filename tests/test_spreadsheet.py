"""The one reader of CSV and Parquet under manifests, scores and ratings."""

import doctest

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from piqa_cli import spreadsheet, text_file
from piqa_cli.errors import PiqaError
from piqa_cli.spreadsheet import harmless, number, read_spreadsheet


def read(file, **choices):
    return read_spreadsheet(file, called="the list", not_a_folder="name a file", **choices)


def test_examples():
    assert doctest.testmod(spreadsheet) == (0, 4)
    assert doctest.testmod(text_file) == (0, 3)


def test_numbers():
    texts = ("1e3", "-0,25", "", "inf", "1.2.3", "2e12")
    assert [number(text) for text in texts] == [1000, -0.25, None, None, None, None]


def test_csv_and_parquet_say_the_same(tmp_path):
    (tmp_path / "t.csv").write_bytes("\ufeffpath;score\r\na;0.1\r\n ; \r\nb\r\n".encode())
    pq.write_table(pa.table({"path": ["a", "b"], "score": [0.1, None]}), tmp_path / "t.pq")
    csv, parquet = read(tmp_path / "t.csv"), read(tmp_path / "t.pq")
    assert csv.headings == parquet.headings == ("path", "score")
    assert csv.rows == parquet.rows == (("a", "0.1"), ("b", ""))
    assert (csv.places, tuple(parquet.places)) == (("line 2", "line 4"), ("row 1", "row 2"))


def test_columns_of_parquet_that_nobody_wants_are_not_read(tmp_path):
    pq.write_table(pa.table({"path": ["a"], "blob": [b"x" * 9]}), tmp_path / "t.pq")
    found = read(tmp_path / "t.pq", wanted=lambda heading: heading == "path")
    assert (found.headings, found.rows) == (("path", "blob"), (("a", ""),))


def test_an_empty_file_has_no_headings(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"")
    assert read(tmp_path / "t.csv").headings == ()


def test_errors_call_the_file_as_asked(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"a,b\n1,2,3\n")
    with pytest.raises(PiqaError, match=r"^the list, line 2: 3 cells where 2 are expected"):
        read(tmp_path / "t.csv")
    with pytest.raises(PiqaError, match=r"^the list is a folder; name a file$"):
        read(tmp_path)


@pytest.mark.parametrize("first", ["sep=;\r\n", '"sep=;"\n', "SEP=;\n"])
def test_the_divider_that_excel_names_above_the_headings(tmp_path, first):
    (tmp_path / "t.csv").write_bytes(f"\ufeff{first}path;a,b,c;score\n1;2;0,5\n".encode())
    found = read(tmp_path / "t.csv")
    assert (found.headings, found.rows) == (("path", "a,b,c", "score"), (("1", "2", "0,5"),))
    assert (found.places, found.decimal_comma) == (("line 3",), True)


def test_unicode_text_of_excel_is_utf_16_with_tabs(tmp_path):
    (tmp_path / "t.txt").write_bytes("path\tdevice\r\na\tNäm\r\n".encode("utf-16"))
    found = read(tmp_path / "t.txt")
    assert (found.headings, found.rows) == (("path", "device"), (("a", "Näm"),))


def test_windows_text_is_read_with_a_warning(tmp_path):
    file = tmp_path / "t.csv"
    file.write_bytes("path;device\r\na;Café – é\r\n".encode("cp1252"))
    found = read(file)
    assert found.rows == (("a", "Café – é"),)
    assert found.warnings == (
        "t.csv is no UTF-8 text and was read as Windows-1252: save it as CSV UTF-8",
    )
    file.write_bytes(b"path\xe9\0,\x01")
    with pytest.raises(PiqaError, match=r"the list is not UTF-8 text; save it as CSV UTF-8"):
        read(file)


def test_a_comma_that_divides_cells_is_no_decimal_one(tmp_path):
    (tmp_path / "t.csv").write_text('path,score\na,"1,234"\n')
    found = read(tmp_path / "t.csv")
    assert not found.decimal_comma
    assert number(found.rows[0][1], decimal_comma=found.decimal_comma) is None


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+49", "-x", "@sum", "'=1", "\t=1", "'", "a"]
)
def test_what_is_made_harmless_is_read_as_it_was(tmp_path, text):
    (tmp_path / "t.csv").write_text(f'path;other\n"{harmless(text)}";1\n')
    assert read(tmp_path / "t.csv").rows == ((text, "1"),)
    assert harmless(text)[0] not in "=+-@\t"
