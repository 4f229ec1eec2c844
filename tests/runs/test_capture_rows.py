"""Rows of very large captures tables, which are made when they are asked for."""

import pytest

from piqa_cli.records import FailedFolder, Skipped
from piqa_cli.runs import capture_rows
from piqa_cli.runs.capture_rows import (
    StoredRows,
    by_scene,
    column,
    explained_by,
    folder_rows,
    rows_at,
    rows_of,
    tally,
)
from piqa_cli.runs.parquet import parquet_bytes, parquet_table
from piqa_cli.runs.tables import CaptureTable
from tests.runs.samples import failed, recipe, scored


@pytest.fixture
def both(monkeypatch):
    """The same rows as records and in columns."""
    results = [
        scored("Hall", "A", 2.0),
        scored("Bar", "B", 1.0, face=False),
        failed("Hall", "B"),
        scored("Hall", "A", 1.5, take=2),
        FailedFolder("Bar/A", "no captures in it", "Bar", "A"),
        Skipped("notes.txt", "no picture"),
    ]
    data = parquet_bytes("captures", CaptureTable(results, recipe(), {}))
    table = parquet_table("captures", data, "it")
    records = rows_of(table)
    monkeypatch.setattr(capture_rows, "MANY_ROWS", 0)
    stored = rows_of(table)
    assert isinstance(records, list)
    assert isinstance(stored, StoredRows)
    return records, stored


def test_rows_in_columns_are_the_records(both):
    records, stored = both
    assert list(stored) == records
    assert len(stored) == len(records)
    assert [type(row) for row in stored] == [type(row) for row in records]
    assert (stored[1], stored[-1], stored[1:3]) == (records[1], records[-1], records[1:3])
    assert rows_at(stored, [4, 0]) == rows_at(records, [4, 0]) == [records[4], records[0]]
    with pytest.raises(IndexError):
        stored[len(records)]


def test_columns_and_tallies_are_those_of_the_records(both):
    records, stored = both
    for name in ("path", "score", "stage", "exif_iso", "no_face"):
        assert column(stored, name) == column(records, name)
    counts = tally(stored, "status", "device")
    assert list(counts.items()) == list(tally(records, "status", "device").items())
    assert counts["ok", "A"] == 2


def test_captures_by_scene_leave_folders_and_other_files_aside(both):
    records, stored = both
    assert dict(by_scene(stored)) == by_scene(records)
    assert list(by_scene(stored)) == ["Hall", "Bar"]
    assert [row.path for row in folder_rows(stored)] == ["Bar/A"]
    assert folder_rows(stored) == folder_rows(records)


def test_a_column_of_the_model_is_looked_for_in_both(both):
    for rows in both:
        assert not explained_by(rows, "fault_costs")
    results = [scored("Hall", "A", 2.0)]
    results[0].prediction.explanation["fault_costs"] = [0.5] * 11
    data = parquet_bytes("captures", CaptureTable(results, recipe(), {}))
    stored = StoredRows(parquet_table("captures", data, "it"))
    assert explained_by(stored, "fault_costs")
    assert explained_by(list(stored), "fault_costs")
