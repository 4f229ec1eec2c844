"""Finished runs under the names of `[devices]`."""

from dataclasses import replace

import pytest

from piqa_cli.past_runs import open_named
from piqa_cli.records.device_names import DeviceName
from piqa_cli.runs.capture_rows import StoredRows
from piqa_cli.runs.folder import prepare_out, write_run
from tests.runs.samples import content, device_rank, pair_rank, scene_rank, scored


@pytest.fixture
def run(tmp_path):
    """A scored 2 and 4, B 1 and 2, "b" 5; the reference was B."""
    results = [
        scored("Hall", "A", 2.0), scored("Hall", "B", 1.0),
        scored("Bar", "A", 4.0), scored("Bar", "B", 2.0), scored("Den", "b", 5.0),
    ]  # fmt: skip
    devices = [replace(device_rank(name, 0.5, 1), reference="B") for name in ("A", "B", "b")]
    out = tmp_path / "run"
    prepare_out(out)
    scenes = [scene_rank("Hall", "B", 1.0, 1)]
    write_run(
        content(
            out=out, results=results, device_ranks=devices, scene_ranks=scenes, pairs=[pair_rank()]
        )
    )
    return out


def test_without_other_names_a_run_stays_as_it_is(run):
    assert open_named(run).tables == open_named(run, [DeviceName("C", ("D",))]).tables


def test_captures_in_columns_stay_so_where_no_name_changes(run, monkeypatch):
    renamed = [DeviceName("Beta", ("B",))]
    usual = open_named(run, renamed).tables
    monkeypatch.setattr("piqa_cli.runs.capture_rows.MANY_ROWS", 0)
    assert isinstance(open_named(run, [DeviceName("C", ("D",))]).tables.captures, StoredRows)
    assert open_named(run, renamed).tables == usual


def test_a_renamed_device_keeps_its_ranks(run):
    tables = open_named(run, [DeviceName("Alpha", ("a",))]).tables
    assert [row.device for row in tables.device_ranks] == ["Alpha", "B", "b"]
    assert tables.pairs[0].device_a == "Alpha"
    assert {row.path for row in tables.captures if row.device == "Alpha"} == {
        "Hall/A/1.jpg",
        "Bar/A/1.jpg",
    }


def test_devices_that_become_one_are_ranked_again(run):
    tables = open_named(run, [DeviceName("Beta", ("B",))]).tables
    found = {row.device: (row.n_scenes, row.reference, row.gap) for row in tables.device_ranks}
    assert found == {"A": (2, "Beta", pytest.approx(1.5)), "Beta": (3, "Beta", 0.0)}
    assert {(row.scene, row.device) for row in tables.scene_ranks} == {
        ("Hall", "A"), ("Hall", "Beta"), ("Bar", "A"), ("Bar", "Beta"), ("Den", "Beta"),
    }  # fmt: skip


def test_a_firmware_that_goes_to_another_device_takes_its_scores_along(tmp_path):
    results = [scored("Hall", "A", 2.0), scored("Hall", "A", 4.0, take=2), scored("Hall", "B", 1.0)]
    firmwares = ("1", "2", "1")
    results = [
        replace(result, capture=replace(result.capture, firmware=firmware))
        for result, firmware in zip(results, firmwares, strict=True)
    ]
    ranks = [device_rank("A", 0.5, 1), device_rank("B", -0.5, 2)]
    settings = {"rank": {"by": "device"}}
    made = content(out=tmp_path, results=results, device_ranks=ranks, settings=settings)
    prepare_out(tmp_path)
    write_run(made)
    run = open_named(tmp_path, [DeviceName("C@2", ("A@2",))])
    assert sorted({row.device for row in run.tables.captures}) == ["A", "B", "C"]
    assert sorted(row.device for row in run.tables.device_ranks) == ["A", "B", "C"]
    assert {row.device: row.score for row in run.tables.scene_ranks} == {"A": 2, "B": 1, "C": 4}
