from __future__ import annotations

import csv
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.runs.parquet import (
    VERSION_KEY,
    check_version,
    csv_bytes,
    parquet_bytes,
    parquet_rows,
)
from piqa_cli.schema import TABLES

TIMING = {"path": "a.jpg", "stage": "read", "seconds": 0.25}


def capture(**values):
    return {column.name: None for column in TABLES["captures"]} | values


def test_rows_come_back_as_they_were():
    rows = [
        capture(path="é/1.jpg", status="ok", score=1.5, view_scores=[1.0, 2.0], no_face=False),
        capture(path="2.jpg", status="failed", n_faces=3),
    ]
    assert parquet_rows("captures", parquet_bytes("captures", rows), "it") == rows


def test_an_empty_table_has_all_columns():
    table = pq.read_table(io.BytesIO(parquet_bytes("timings", [])))
    assert table.column_names == ["path", "stage", "seconds"]


def test_unit_and_meaning_lie_in_the_file():
    schema = pq.read_schema(io.BytesIO(parquet_bytes("captures", [])))
    field = schema.field("exif_exposure_time_s")
    assert field.metadata[b"unit"] == b"s"
    assert field.metadata[b"meaning"] == b"exposure time"
    assert schema.metadata[VERSION_KEY] == b"1"


def test_equal_rows_give_equal_bytes():
    assert parquet_bytes("timings", [TIMING]) == parquet_bytes("timings", [dict(TIMING)])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (TIMING | {"second": 1.0}, r"timings row 0: unknown \['second'\], missing \[\]"),
        ({"path": "a", "stage": "read"}, r"missing \['seconds'\]"),
        (TIMING | {"path": None}, r"timings\.path: null in row 0"),
        (TIMING | {"seconds": "fast"}, r"timings\.seconds"),
        (TIMING | {"seconds": float("nan")}, r"timings\.seconds: a number that isn't finite"),
    ],
)
def test_a_row_that_does_not_fit_is_refused(row, message):
    with pytest.raises(ValueError, match=message):
        parquet_bytes("timings", [row])


def test_another_table_is_refused():
    with pytest.raises(PiqaError, match="it isn't the table captures"):
        parquet_rows("captures", parquet_bytes("timings", [TIMING]), "it")


def test_a_column_of_a_newer_version_is_passed_over():
    table = pq.read_table(io.BytesIO(parquet_bytes("timings", [TIMING])))
    buffer = io.BytesIO()
    pq.write_table(table.append_column("x", pa.array([1])), buffer)
    assert parquet_rows("timings", buffer.getvalue(), "it") == [TIMING]


def test_a_column_of_another_type_is_refused():
    table = pq.read_table(io.BytesIO(parquet_bytes("timings", [TIMING])))
    place = table.column_names.index("seconds")
    buffer = io.BytesIO()
    pq.write_table(table.set_column(place, "seconds", pa.array(["1 s"])), buffer)
    with pytest.raises(PiqaError, match="column seconds: string instead of float64"):
        parquet_rows("timings", buffer.getvalue(), "it")


def test_bytes_that_are_no_parquet_are_refused():
    with pytest.raises(PiqaError, match=r"t\.parquet is no readable Parquet file"):
        parquet_rows("timings", b"PAR1 or so", "t.parquet")


def test_a_newer_schema_asks_for_an_update():
    with pytest.raises(PiqaError, match=r"newer piqa-cli \(schema 2, this one reads 1\): update"):
        check_version(2, "run.json")
    with pytest.raises(PiqaError, match="has schema version 'None'"):
        check_version(None, "run.json")


def test_every_table_has_a_schema_with_its_nullability():
    for name, columns in TABLES.items():
        assert [
            field.nullable for field in pq.read_schema(io.BytesIO(parquet_bytes(name, [])))
        ] == [c.nullable for c in columns]


def test_csv_has_the_same_columns_and_empty_nulls():
    row = capture(path='a,"b".jpg', status="ok", view_scores=[1.0, 2.5], no_face=True, score=0.1)
    head, line = csv_bytes("captures", [row]).decode("utf-8-sig").splitlines()
    assert head.split(",") == [column.name for column in TABLES["captures"]]
    assert line.startswith('"a,""b"".jpg",,,,,,,ok,,,,,0.1,,1.0;2.5,,')
    assert ",true," in line


def test_csv_opens_in_a_spreadsheet_without_formulas_or_broken_letters():
    row = capture(
        path="=HYPERLINK(1)", status="failed", device="-Näm", scene="@x", score=-0.5,
        view_scores=[-1.0, 2.0],
    )  # fmt: skip
    data = csv_bytes("captures", [row])
    assert data.startswith("\ufeffpath,".encode())
    cells = dict(zip(*csv.reader(data.decode("utf-8-sig").splitlines()), strict=True))
    assert [cells[n] for n in ("path", "device", "scene")] == ["'=HYPERLINK(1)", "'-Näm", "'@x"]
    assert (cells["score"], cells["view_scores"]) == ("-0.5", "-1.0;2.0")
