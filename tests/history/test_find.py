"""Folders that are runs, and those of them that can be used."""

import json
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.history.collect import history_of
from piqa_cli.history.find import read_runs


def names(places):
    found, damaged = read_runs(places)
    return [run.name for run in found], [left.run for left in damaged]


def test_runs_are_ordered_by_their_start_not_their_names(night, runs):
    night("2026-01-02", {"A": 1.0}, folder="a")
    night("2026-01-01", {"A": 1.0}, folder="b")
    assert names([runs]) == (["b", "a"], [])


def test_the_link_latest_does_not_count_twice(night, runs):
    night("2026-01-01", {"A": 1.0})
    (runs / "latest").symlink_to("2026-01-01")
    (runs / "2026-01-01.jsonl").write_text("{}\n")
    assert names([runs]) == (["2026-01-01"], [])
    assert names(sorted(runs.iterdir())) == (["2026-01-01"], [])


def test_runs_lie_at_any_depth_and_may_be_named_one_by_one(night, runs):
    one = night("2026-01-01", {"A": 1.0}, folder="mini/2026-01-01")
    two = night("2026-01-02", {"A": 1.0}, folder="full/2026-01-02")
    assert names([runs]) == (["mini/2026-01-01", "full/2026-01-02"], [])
    assert names([two, one]) == (["mini/2026-01-01", "full/2026-01-02"], [])
    assert names([one]) == (["2026-01-01"], [])


def test_a_run_whose_tables_do_not_match_is_named_and_left_out(night, runs):
    night("2026-01-01", {"A": 1.0})
    table = night("2026-01-02", {"A": 1.0}) / "device_ranks.parquet"
    table.write_bytes(table.read_bytes() + b"x")
    (night("2026-01-03", {"A": 1.0}) / "scene_ranks.parquet").unlink()
    (night("2026-01-04", {"A": 1.0}) / "run.json").unlink()
    found, damaged = read_runs([runs])
    assert [run.name for run in found] == ["2026-01-01"]
    assert [left.run for left in damaged] == ["2026-01-02", "2026-01-03", "2026-01-04"]
    assert damaged[0].reason == "device_ranks.parquet is missing or doesn't match run.json"
    assert damaged[1].reason == "scene_ranks.parquet is missing or doesn't match run.json"
    assert "no finished run" in damaged[2].reason


def test_only_the_tables_of_ranks_are_read(night, runs):
    folder = night("2026-01-01", {"A": 1.0})
    for other in ("captures", "pairs", "timings"):
        (folder / f"{other}.parquet").write_bytes(b"not read")
    assert names([runs]) == (["2026-01-01"], [])


def test_a_history_of_200_runs_takes_a_second(night, runs):
    """5 CPU-s for 1,000 runs are promised; three times that is allowed on a busy machine."""
    devices = {f"device {number}": -float(number) for number in range(6)}
    first = night("2026-01-01", devices, scenes=[f"scene {number}" for number in range(10)])
    info = json.loads((first / "run.json").read_bytes())
    for day in range(1, 200):
        folder = shutil.copytree(first, runs / f"night-{day:03}")
        start = datetime(2026, 1, 1, 2, tzinfo=UTC) + timedelta(days=day)
        (folder / "run.json").write_text(
            json.dumps(info | {"provenance": {"started_at": start.isoformat()}})
        )
    before = time.process_time()
    history = history_of(read_runs([runs])[0], "device 3")
    assert time.process_time() - before < 3 * 5 * 200 / 1000
    assert len(history.series[0].points) == 200


def test_a_run_that_does_not_say_when_it_started_is_left_out(night, runs):
    info = night("2026-01-01", {"A": 1.0}) / "run.json"
    info.write_text(json.dumps(json.loads(info.read_text()) | {"provenance": {}}))
    _, (left,) = read_runs([runs])
    assert left.reason == "run.json doesn't say when the run started"


def test_reading_a_history_changes_nothing(night, runs):
    night("2026-01-01", {"A": 1.0})
    before = {f: f.stat().st_mtime_ns for f in runs.rglob("*")}
    read_runs([runs])
    assert {f: f.stat().st_mtime_ns for f in runs.rglob("*")} == before


def test_folders_without_a_run(tmp_path):
    with pytest.raises(PiqaError, match=r"no run in .*piqa-cli rank CAPTURES -o runs/\{date\}"):
        read_runs([tmp_path])
    with pytest.raises(PiqaError, match="gone isn't there"):
        read_runs([tmp_path / "gone"])


def test_reading_runs_imports_neither_data_sets_nor_pandas(night, runs):
    night("2026-01-01", {"A": 1.0})
    code = (
        "import pathlib, sys; from piqa_cli.history.find import read_runs\n"
        f"assert len(read_runs([pathlib.Path({str(runs)!r})])[0]) == 1\n"
        "assert not {'pandas', 'pyarrow.dataset', 'torch'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
