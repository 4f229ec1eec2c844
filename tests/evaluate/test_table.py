"""Tables as labs have them."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.evaluate.table import read_table


def table(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "t.csv"
    file.write_bytes(text.encode(encoding))
    return read_table(file)


def test_byte_order_mark_semicolons_and_windows_lines(tmp_path):
    found = table(tmp_path, "IMAGE;JOD_STD\r\na.jpg;1,5\r\n\r\nb.jpg;2\r\n", "utf-8-sig")
    assert found.headings == ("IMAGE", "JOD_STD")
    assert found.columns == ("image", "jod std")
    assert found.rows == (("a.jpg", "1,5"), ("b.jpg", "2"))
    assert found.places == ("line 2", "line 4")
    assert (found.divider, found.line_end) == (";", "\r\n")


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("a.jpg,1\nb.jpg,2\n", ()),
        ("picture,quality\nb.jpg,2\n", ("picture", "quality")),
        ("0.5\ta, b; c.jpg\n", ()),
        ("a.jpg;1,5\n", ()),
    ],
)
def test_a_heading_line_is_told_from_data(tmp_path, text, headings):
    found = table(tmp_path, text)
    assert found.headings == headings
    assert {len(row) for row in found.rows} == {2}


def test_short_lines_are_filled_and_long_ones_refused(tmp_path):
    assert table(tmp_path, "path,jod\na.jpg\n").rows == (("a.jpg", ""),)
    with pytest.raises(PiqaError, match=r"line 2: 3 cells where 2 are expected"):
        table(tmp_path, "path,jod\na.jpg,1,2\n")


def test_parquet_keeps_every_digit(tmp_path):
    file = tmp_path / "t.parquet"
    columns = {"path": ["a", "b"], "score": [0.1 + 0.2, None]}
    pq.write_table(pa.table(columns), file)
    found = read_table(file)
    assert found.rows == (("a", "0.30000000000000004"), ("b", ""))
    assert tuple(found.places) == ("row 1", "row 2")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"caf\x81,1", "not UTF-8"),
        (b"PAR1 nonsense", "can't be read as Parquet"),
        (b'path,jod\n"a.jpg,1\n', "broken CSV"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(tmp_path, content, message):
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(PiqaError, match=message) as error:
        read_table(tmp_path / "t.csv")
    assert "\n" not in str(error.value)


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(PiqaError, match="does not exist"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(PiqaError, match="is a folder"):
        read_table(tmp_path)
