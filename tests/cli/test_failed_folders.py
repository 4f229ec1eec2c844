"""Folders without captures, from the command line to the page: failed rows, never a silent gap."""

import json
import os
import shutil

import pyarrow.parquet as pq
import pytest

from piqa_cli.runs.table_set import load_run
from tests.cli.test_expect import page_text

pytestmark = pytest.mark.usefixtures("known")


@pytest.fixture
def rank(piqa, tmp_path, monkeypatch, captures):
    """Ranks the captures: rank("-q")."""
    monkeypatch.chdir(tmp_path)
    return lambda *options: piqa("rank", captures, "-o", "run", *options)


@pytest.fixture
def closed(monkeypatch):
    """Refuses to open a folder, as a disk does that fails; root may open all others."""
    scandir = os.scandir

    def close(folder):
        def refuse(path):
            if os.fspath(path) == os.fspath(folder):
                raise PermissionError(13, "Permission denied")
            return scandir(path)

        monkeypatch.setattr(os, "scandir", refuse)

    return close


def failed_rows(run):
    rows = pq.read_table(run / "captures.parquet").to_pylist()
    return [
        tuple(row[name] for name in ("path", "scene", "device", "stage", "reason"))
        for row in rows
        if row["status"] == "failed"
    ]


def test_an_empty_and_a_closed_folder_fail_as_captures_do(rank, captures, tmp_path, closed):
    shutil.rmtree(captures / "Park" / "Aster")
    (captures / "Park" / "Aster").mkdir()
    (captures / "Hall").mkdir()
    (captures / "Hall" / "readme.txt").write_text("x")
    closed(captures / "Bar" / "Birch")
    (tmp_path / "piqa.toml").write_text("[gates]\nmax_failed_captures = 2\n")
    result = rank("-q")
    assert result.exit_code == 6
    assert result.stderr.splitlines() == [
        "piqa-cli: 3 folders without captures "
        "(first: Bar/Birch: folder can't be opened: Permission denied)",
        "piqa-cli: gate failed: max_failed_captures: 3 captures failed, limit 2",
    ]
    assert failed_rows(tmp_path / "run") == [
        ("Bar/Birch", "Bar", "Birch", "discover", "folder can't be opened: Permission denied"),
        ("Hall", "Hall", None, "discover", "no captures in it"),
        ("Park/Aster", "Park", "Aster", "discover", "no captures in it"),
    ]
    run = load_run(tmp_path / "run")
    assert (run.info["counts"]["ok"], run.info["counts"]["failed"]) == (4, 3)
    shown = page_text(tmp_path / "run")
    assert "3 folders without captures, counted as failed" in shown
    assert "All gates passed" not in shown


def test_an_empty_folder_ends_with_5_and_is_in_json_and_log(rank, captures, tmp_path):
    (captures / "Park" / "Cedar").mkdir()
    (tmp_path / "piqa.toml").write_text("[gates]\nmax_failed_captures = 1\n")
    result = rank("--json", "--log-file", "log.jsonl")
    assert result.exit_code == 5
    told = json.loads(result.stdout)
    assert told["failed"] == [
        {"path": "Park/Cedar", "stage": "discover", "reason": "no captures in it"}
    ]
    events = [json.loads(line) for line in (captures.parent / "log.jsonl").open()]
    assert [e["path"] for e in events if e["event"] == "failed"] == ["Park/Cedar"]
    assert events[-1]["exit_code"] == 5
    page = (tmp_path / "run" / "report" / "index.html").read_text()
    assert 'class="gates passed"' not in page
    assert "All gates passed, but in 1 folder captures are missing" in page


def test_other_commands_read_such_a_run(rank, piqa, captures, tmp_path):
    assert rank("-q").exit_code == 0
    shutil.copytree("run", "base")
    shutil.rmtree(captures / "Park")
    (captures / "Park" / "Cedar").mkdir(parents=True)
    rank("-q")
    again = piqa("rank", "--scores", "run/captures.parquet", "-o", "again")
    assert again.exit_code == 5
    assert failed_rows(tmp_path / "again") == failed_rows(tmp_path / "run")
    assert piqa("report", "run", "--blind").exit_code == 0
    assert piqa("report", "run", "--single-file").exit_code == 0
    (tmp_path / "piqa.toml").write_text("[gates]\nmax_failed_captures = 0\n")
    compared = piqa("compare", "base", "run", "-o", "changes")
    assert compared.exit_code == 6
    assert "failed  1 in NEW, 0 in BASE" in compared.stdout
    assert "note    1 folder of NEW without captures (first: Park/Cedar: no" in compared.stdout
    assert "gate failed: max_failed_captures: 1 capture failed, limit 0" in compared.stderr


def test_scan_names_them(piqa, captures):
    (captures / "Hall").mkdir()
    assert "  failed: Hall: no captures in it\n" in piqa("scan", captures).stdout
    told = json.loads(piqa("scan", captures, "--json").stdout)
    assert told["failed"] == [{"path": "Hall", "reason": "no captures in it"}]
