"""Unattended runs: dated folders, the log, JSON for scripts, silence in cron."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from piqa_cli.cli import nightly
from piqa_cli.records import Capture, Failed
from piqa_cli.runs.table_set import load_run

DATE = re.compile(r"\d{4}-\d\d-\d\d")


def log_of(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


@pytest.fixture
def two(captures):
    """One capture of each device in one scene: soon scored."""
    shutil.rmtree(captures / "Park")  # an empty folder would fail
    for file in captures.rglob("take_2.png"):
        file.unlink()
    return captures


def call(*args, **env):
    """The command as cron starts it: no terminal, little environment."""
    command = [sys.executable, "-m", "piqa_cli", *map(str, args)]
    env = {**os.environ, "OMP_NUM_THREADS": "1", **env}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_a_night_by_its_date_with_log_and_link(piqa, two, tmp_path):
    (two / "Bar" / "Aster" / "bad.jpg").write_text("no picture")
    runs = tmp_path / "runs"
    result = piqa("rank", two, "-o", runs / "{date}", "--log-file", runs / "{date}.jsonl")
    assert result.exit_code == 5
    run = (runs / "latest").resolve()
    assert DATE.fullmatch(run.name)
    assert load_run(run).info["settings"]["out"] == str(runs / run.name)
    entries = log_of(runs / f"{run.name}.jsonl")
    assert [e.get("stage", e["event"]) for e in entries] == (
        "start discover read score rank write report finish".split()
    )
    start, discover, failed, score, *_, finish = entries
    assert start["settings"]["score"]["model"] == "dn-piqa-mini"
    assert discover["captures"] == 3
    assert (failed["event"], failed["path"]) == ("failed", "Bar/Aster/bad.jpg")
    assert (score["ok"], score["failed"], score["reused"]) == (2, 1, 0)
    assert (finish["exit_code"], finish["error"]) == (5, None)
    assert finish["counts"]["failed"] == 1
    assert [row["rank"] for row in finish["devices"]] == [1, 2]
    assert {row["device"] for row in finish["devices"]} == {"Aster", "Birch"}


def test_a_failed_gate_moves_the_link_and_stands_in_the_log(
    piqa, two, known, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    Path("piqa.toml").write_text(
        '[rank]\nout = "runs/{date}"\nlog_file = "log.jsonl"\n[gates]\nmin_takes = 3\n'
    )
    result = piqa("rank", two, "--json")
    assert result.exit_code == json.loads(result.stdout)["exit_code"] == 6
    assert DATE.fullmatch(Path("runs/latest").readlink().name)
    gates = [entry for entry in log_of(Path("log.jsonl")) if entry["event"] == "gate"]
    assert {(gate["name"], gate["level"]) for gate in gates} == {("min_takes", "error")}
    assert log_of(Path("log.jsonl"))[-1]["exit_code"] == 6


def test_the_same_day_again_is_the_same_folder(piqa, two, known, tmp_path):
    for _ in range(2):
        assert piqa("rank", two, "-o", tmp_path / "{date}").exit_code == 0
    names = sorted(file.name for file in tmp_path.iterdir() if file.name != "captures")
    assert DATE.sub("DATE", " ".join(names)) == "DATE latest"


@pytest.fixture
def clock(monkeypatch):
    """Sets the time zone of this process."""

    def zone(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield zone
    monkeypatch.undo()
    time.tzset()


def test_the_date_is_that_of_the_time_zone(piqa, two, known, tmp_path, clock):
    """14 hours ahead and 12 behind never have the same date."""
    for zone in ("UTC-14", "UTC+12"):
        clock(zone)
        assert piqa("rank", two, "-o", tmp_path / "{date}", "-q").exit_code == 0
    days = sorted(file.name for file in tmp_path.iterdir() if DATE.fullmatch(file.name))
    first, second = (datetime.fromisoformat(day) for day in days)
    assert (second - first).days in (1, 2)


def test_a_run_that_fails_leaves_the_link(piqa, two, tmp_path):
    (tmp_path / "latest").symlink_to("good")
    for file in two.rglob("*.png"):
        file.write_text("gone bad")
    log = tmp_path / "log.jsonl"
    assert piqa("rank", two, "-o", tmp_path / "{date}", "--log-file", log).exit_code == 3
    assert (tmp_path / "latest").readlink() == Path("good")
    finish = log_of(log)[-1]
    assert finish["exit_code"] == 3
    assert "could be scored" in finish["error"]


def test_the_log_may_lie_in_the_folder_of_the_run(piqa, two, known, tmp_path):
    run = tmp_path / "{date}"
    result = piqa("rank", two, "-o", run, "--log-file", run / "log.jsonl")
    assert result.exit_code == 0, result.output
    assert log_of(tmp_path / "latest" / "log.jsonl")[-1]["exit_code"] == 0


def test_a_log_that_cannot_be_written_stops_before_anything(piqa, two, tmp_path):
    result = piqa("rank", two, "-o", tmp_path / "run", "--log-file", tmp_path)
    assert result.exit_code == 3
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_an_unknown_name_in_braces_is_a_usage_error(piqa, two, tmp_path):
    for option in ("--out", "--log-file"):
        result = piqa("rank", two, option, tmp_path / "{dat}")
        assert result.exit_code == 2
        assert "{date} is" in result.stderr


def test_a_long_night_says_how_far_it_is(monkeypatch):
    noted = []
    monkeypatch.setattr(nightly, "_HEARTBEAT_S", 0.0)
    journal = nightly.Journal(lambda event, **facts: noted.append((event, facts)))
    bad = Failed(Capture("Bar/A/1.jpg", Path("1.jpg"), "Bar", "A"), "read", "truncated JPEG")
    seen = journal.watch(lambda items, _total, _step: items)(iter([bad, bad]), 5, "score")
    assert list(seen) == [bad, bad]
    assert noted == [
        ("failed", {"path": "Bar/A/1.jpg", "stage": "read", "reason": "truncated JPEG"}),
        ("progress", {"step": "score", "done": 1, "total": 5}),
        ("progress", {"step": "score", "done": 2, "total": 5}),
    ]


def test_json_is_all_that_stdout_holds_and_enough_for_a_script(piqa, two, tmp_path):
    (two / "Bar" / "Aster" / "bad.jpg").write_text("no picture")
    done = piqa("rank", two, "-o", tmp_path / "run", "--json")
    told = json.loads(done.stdout)
    assert told["exit_code"] == done.exit_code == 5
    assert told["counts"] == {"ok": 2, "failed": 1, "skipped": 0, "ignored": 0, "reused": 0}
    assert [row["path"] for row in told["failed"]] == ["Bar/Aster/bad.jpg"]
    assert list(told["seconds"]) == ["discover", "score", "rank", "write", "report"]
    assert told["duration_s"] == pytest.approx(sum(told["seconds"].values()), abs=0.001)
    assert datetime.fromisoformat(told["started_at"])
    assert told["gates"] == []


def test_cron_hears_nothing_but_errors(two, tmp_path):
    """Real processes, stderr no terminal: no bars; with --quiet nothing at all."""
    done = call("rank", two, "-o", tmp_path / "run")
    assert (done.returncode, done.stderr) == (0, "")
    done = call("rank", two, "-o", tmp_path / "run", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = call("rank", tmp_path / "gone", "-o", tmp_path / "run", "--quiet")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)


def test_quiet_still_says_what_failed(piqa, two, known, tmp_path):
    (two / "Bar" / "Aster" / "bad.jpg").write_text("no picture")
    done = piqa("rank", two, "-o", tmp_path / "run", "--quiet")
    assert (done.exit_code, done.stdout) == (5, "")
    assert done.stderr.startswith("piqa-cli: 1 capture could not be scored (first: Bar/Aster/bad")
