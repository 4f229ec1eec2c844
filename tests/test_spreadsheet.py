"""The one reader of CSV and Parquet under manifests, scores and ratings."""

import doctest

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from piqa_cli import spreadsheet
from piqa_cli.errors import PiqaError
from piqa_cli.spreadsheet import number, read_spreadsheet


def read(file, **choices):
    return read_spreadsheet(file, called="the list", not_a_folder="name a file", **choices)


def test_examples():
    assert doctest.testmod(spreadsheet) == (0, 2)


def test_numbers():
    texts = ("1e3", "-0,25", "", "inf", "1.2.3", "2e12")
    assert [number(text) for text in texts] == [1000, -0.25, None, None, None, None]


def test_csv_and_parquet_say_the_same(tmp_path):
    (tmp_path / "t.csv").write_bytes("\ufeffpath;score\r\na;0.1\r\n ; \r\nb\r\n".encode())
    pq.write_table(pa.table({"path": ["a", "b"], "score": [0.1, None]}), tmp_path / "t.pq")
    csv, parquet = read(tmp_path / "t.csv"), read(tmp_path / "t.pq")
    assert csv.headings == parquet.headings == ("path", "score")
    assert csv.rows == parquet.rows == (("a", "0.1"), ("b", ""))
    assert (csv.places, parquet.places) == (("line 2", "line 4"), ("row 1", "row 2"))


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
