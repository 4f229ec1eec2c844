from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from piqa_cli.records import (
    Capture,
    DeviceRank,
    Exif,
    Face,
    Given,
    Prediction,
    SceneRank,
    Scored,
    Skipped,
    Timing,
)
from piqa_cli.records.capture_row import CaptureRow, ScoredRow, TriedRow
from piqa_cli.runs.capture_rows import capture_row
from piqa_cli.runs.parquet import parquet_bytes, parquet_rows
from piqa_cli.runs.tables import (
    CaptureTable,
    RecordTable,
    population_sd,
)
from piqa_cli.schema import CAPTURES, DEVICE_RANKS, EXIF_COLUMNS, SCENE_RANKS
from tests.runs.samples import device_rank, facts_of, failed, recipe, scene_rank, scored


def rows_of(*results):
    fingerprints = {"Hall/A/1.jpg": "f" * 64}
    return list(CaptureTable(results, recipe(), fingerprints))


def test_exif_record_and_exif_columns_name_the_same_fields_in_the_same_order():
    assert [f"exif_{field.name}" for field in fields(Exif)] == [c.name for c in EXIF_COLUMNS]


@pytest.mark.parametrize(
    ("record", "columns"), [(SceneRank, SCENE_RANKS), (DeviceRank, DEVICE_RANKS)]
)
def test_rank_records_have_exactly_the_columns_of_their_table(record, columns):
    assert {field.name for field in fields(record)} == {column.name for column in columns}


def test_a_scored_capture_fills_its_row():
    [row] = rows_of(scored("Hall", "A", 2.0))
    assert list(row) == [column.name for column in CAPTURES]
    expected = {
        "path": "Hall/A/1.jpg",
        "scene": "Hall",
        "device": "A",
        "take": "1",
        "status": "ok",
        "stage": None,
        "score": 2.0,
        "view_scores": [1.9, 2.1],
        "model": "tiny",
        "preprocessing": "tiny/1",
        "fingerprint": "f" * 64,
        "face_x0": 100.0,
        "face_y1": 500.0,
        "face_confidence": 0.75,
        "n_faces": 1,
        "no_face": False,
        "width_px": 4000,
        "working_height_px": 1350,
        "exif_model": "A",
        "exif_iso": 100.0,
    }
    assert {name: row[name] for name in expected} == expected
    assert row["view_spread"] == pytest.approx(0.1)


def test_view_spread_is_over_n():
    assert population_sd([1.0, 3.0]) == 1.0


def test_without_a_face_the_row_says_so_and_has_no_box():
    [row] = rows_of(scored("Hall", "A", 2.0, face=False))
    assert (row["no_face"], row["n_faces"], row["face_x0"]) == (True, 0, None)


def test_a_failed_capture_keeps_stage_reason_and_what_tried():
    [row] = rows_of(failed("Hall", "A"))
    assert (row["status"], row["stage"], row["reason"]) == ("failed", "read", "truncated JPEG")
    assert (row["model"], row["score"], row["sha256"], row["fingerprint"]) == (
        "tiny",
        None,
        None,
        None,
    )


def test_a_skipped_file_has_no_model():
    [row] = rows_of(Skipped("Hall/notes.txt", "text, no picture", "Hall"))
    assert (row["status"], row["scene"], row["device"], row["model"]) == (
        "skipped",
        "Hall",
        None,
        None,
    )


def test_explanations_of_the_model_become_columns():
    capture = Capture("p.jpg", Path("p.jpg"), "S", "D")
    said = Prediction(1.0, (1.0,), {"liqe_quality": 4.5, "liqe_scene": "human"})
    [row] = rows_of(Scored(capture, facts_of("0" * 64), Face(None, None, 0, "detect"), said))
    assert (row["liqe_quality"], row["liqe_scene"], row["liqe_distortion"]) == (4.5, "human", None)


def test_numbers_that_cameras_leave_undefined_are_null():
    capture = Capture("p.jpg", Path("p.jpg"), "S", "D")
    facts = facts_of("0" * 64, exposure_time_s=float("nan"), digital_zoom_ratio=float("inf"))
    [row] = rows_of(Scored(capture, facts, Face(None, None, 0, "detect"), Prediction(1.0, (1.0,))))
    assert (row["exif_exposure_time_s"], row["exif_digital_zoom_ratio"]) == (None, None)


def test_a_file_name_that_is_no_unicode_can_be_stored():
    [row] = rows_of(Skipped("bad\udcff.txt", "text"))
    assert row["path"] == "bad\ufffd.txt"


def test_rank_and_timing_rows_keep_their_order():
    assert [r["device"] for r in RecordTable([scene_rank("S", d, 1, 1) for d in "BA"])] == [
        "B",
        "A",
    ]
    assert next(iter(RecordTable([device_rank("B", 0.5, 1)])))["preference"] == 0.61
    assert list(RecordTable([Timing("p.jpg", "read", 0.5)])) == [
        {"path": "p.jpg", "stage": "read", "seconds": 0.5}
    ]


def test_the_record_of_a_row_of_captures_has_columns_of_the_table_in_their_order():
    *own, more = (field.name for field in fields(CaptureRow))
    assert own == [column.name for column in CAPTURES if column.name in own]
    assert more == "more"


def test_what_a_model_explains_its_score_by_is_kept_by_name():
    said = Prediction(1.0, (1.0,), {"liqe_quality": 4.5, "liqe_scene": "human"})
    [row] = rows_of(replace(scored("Hall", "A", 1.0), prediction=said))
    assert capture_row(row).more == {"liqe_quality": 4.5, "liqe_scene": "human"}


def test_a_row_tells_by_its_class_what_it_is_sure_to_have():
    results = scored("Hall", "A", 2.0), failed("Hall", "B"), Skipped("notes.txt", "is no picture")
    read = [capture_row(row) for row in rows_of(*results)]
    assert [type(row) for row in read] == [ScoredRow, TriedRow, CaptureRow]


def test_given_scores_have_the_same_rows_alone_and_among_others(monkeypatch):
    capture = Capture("Hall/Ä/1.jpg", Path(), "Hall", "Ä", take="1", jod=0.5)
    given = Given(capture, 0.25, sha256="a" * 64, score_sd=0.1)
    mixed = list(CaptureTable([given, failed("Hall", "B"), given], recipe(), {}))
    alone = list(CaptureTable([given, given], recipe(), {}))
    assert [mixed[0], mixed[2]] == alone
    assert alone[0]["fingerprint"] == given.fingerprint("tiny", "pseudo_jod")
    whole = parquet_bytes("captures", CaptureTable([given, failed("Hall", "B")], recipe(), {}))
    monkeypatch.setattr("piqa_cli.runs.batches.BATCH", 1)
    parts = parquet_bytes("captures", CaptureTable([given, failed("Hall", "B")], recipe(), {}))
    assert parquet_rows("captures", parts, "it") == parquet_rows("captures", whole, "it")


def test_a_batch_with_an_unknown_column_is_refused():
    class Odd(RecordTable):
        def batches(self):
            yield {"path": ["a"], "nonsense": [1]}

    with pytest.raises(ValueError, match=r"timings: unknown \['nonsense'\]"):
        parquet_bytes("timings", Odd([]))
