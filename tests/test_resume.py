"""Runs that are killed with SIGKILL, anywhere: the next one does what is missing, and only that."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from piqa_cli.errors import PiqaError
from piqa_cli.runs.table_set import load_run

# Kills itself at the nth time that it touches a file below a folder; tells how often it did.
KILLER = """
import atexit, os, signal, sys
folder, left = sys.argv[1], int(sys.argv[2])
touched = 0
def count(event, args):
    global touched
    if event in {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}:
        if str(args[0]).startswith(folder):
            touched += 1
            if touched == left:
                os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
atexit.register(lambda: print(touched))
sys.argv = ["piqa-cli", *sys.argv[3:]]
from piqa_cli.cli.main import run
run()
"""
KILLS_OF_WARM_RUNS = {"empty": 2, "old": 4}
KILLS_WHILE_SCORING = 3


def tables_of(folder):
    """Every table's bytes, timings aside."""
    return {f.name: f.read_bytes() for f in folder.glob("*.parquet") if f.stem != "timings"}


def pages_of(folder):
    report = folder / "report"
    return {str(f.relative_to(report)): f.read_bytes() for f in report.rglob("*") if f.is_file()}


def pictures_of(folder):
    return {file.name: file.read_bytes() for file in (folder / "pictures").iterdir()}


def ranked(piqa, captures, out, *words):
    result = piqa("rank", captures, "-o", out, "--quiet", *words)
    assert result.exit_code == 0, result.output
    return out


def moments(seed, total, count):
    """`count` numbers from 1 to `total`, one in each of as many equal stretches."""
    rng, step = random.Random(seed), total / count
    return [1 + int(step * (index + rng.random())) for index in range(count)]


@pytest.fixture
def old_and_new(piqa, captures, known, tmp_path, texture):
    """Two unbroken runs over a tree that changed between them; every score is known."""
    old = ranked(piqa, captures, tmp_path / "old")
    (captures / "Bar" / "Aster" / "take_2.png").unlink()
    for take in (3, 4):
        Image.fromarray(texture(take)).save(captures / "Park" / "Birch" / f"take_{take}.png")
    return old, ranked(piqa, captures, tmp_path / "new")


def test_killed_anywhere_in_writing_a_run_is_whole_and_goes_on(
    piqa, captures, old_and_new, tmp_path
):
    old, new = old_and_new
    command = [sys.executable, "-c", KILLER, str(tmp_path)]
    rank = ["rank", str(captures), "--quiet", "-o"]

    def run(folder, moment):
        return subprocess.run(
            [*command, str(moment), *rank, str(folder)], capture_output=True, text=True, check=False
        )

    for start, kills in KILLS_OF_WARM_RUNS.items():
        counted = begun(tmp_path / f"counted {start}", old if start == "old" else None)
        total = int(run(counted, 0).stdout)
        assert tables_of(counted) == tables_of(new)
        for moment in moments(7, total, kills):
            folder = begun(tmp_path / f"{start} {moment}", old if start == "old" else None)
            assert run(folder, moment).returncode == -signal.SIGKILL
            check_what_a_kill_left(folder, old, new)
            ranked(piqa, captures, folder)
            assert load_run(folder).info["counts"]["reused"] == 9
            assert tables_of(folder) == tables_of(new)
            assert pages_of(folder) == pages_of(new)
            assert pictures_of(folder) == pictures_of(new)
            assert {f.name for f in folder.iterdir()} == {f.name for f in new.iterdir()}


def begun(folder, earlier):
    """A folder with the earlier run in it, or none."""
    return folder if earlier is None else Path(shutil.copytree(earlier, folder))


def check_what_a_kill_left(folder, old, new):
    """The old set or the new one, whole, or a refusal where there was none; never half a page."""
    if (folder / "run.json").exists() or (folder / ".staged-run.json").exists():
        found = load_run(folder).tables.captures
        assert found in [load_run(place).tables.captures for place in (old, new)]
    else:
        with pytest.raises(PiqaError, match=r"no finished run|no run folder"):
            load_run(folder)
    pages = pages_of(folder)
    # Missing for the one moment between two renames: the next run puts the new ones into place.
    assert pages in [pages_of(old), pages_of(new), {}]


def known_scores(cache):
    """Number of scores in the cache; 0 where it isn't there yet."""
    try:
        with closing(sqlite3.connect(f"file:{cache}?mode=ro", uri=True)) as db:
            return db.execute("SELECT count(*) FROM scores").fetchone()[0]
    except sqlite3.Error:
        return 0


def test_killed_while_scoring_only_what_is_missing_is_scored(
    piqa, captures, tmp_path, texture, monkeypatch, quick
):
    for index in range(12):
        file = captures / "Park" / "Aster" / f"more_{index}.png"
        Image.fromarray(texture(50 + index)).save(file)
    monkeypatch.setenv("PIQA_CACHE", str(tmp_path / "unbroken cache"))
    unbroken = ranked(piqa, captures, tmp_path / "unbroken", *quick)
    monkeypatch.setenv("PIQA_CACHE", str(tmp_path / "cache"))
    cache, run, rng = tmp_path / "cache" / "scores.sqlite", tmp_path / "run", random.Random(11)
    command = [sys.executable, "-m", "piqa_cli", "rank", str(captures), "-o", str(run), *quick]
    seen = [0]
    for _ in range(KILLS_WHILE_SCORING):
        wanted = seen[-1] + rng.randint(1, 4)
        process = subprocess.Popen(
            command, env={**os.environ, "QUICK_SLEEP_S": "0.1"}, stderr=subprocess.DEVNULL
        )
        while known_scores(cache) < wanted and process.poll() is None:
            time.sleep(0.002)
        time.sleep(0.02 * rng.random())
        process.kill()
        process.wait()
        seen.append(known_scores(cache))
    assert seen[1] >= 1
    assert sorted(seen) == seen
    ranked(piqa, captures, run, *quick)
    result = load_run(run)
    scored_now = {row.path for row in result.tables.timings}
    assert result.info["counts"]["ok"] == 20
    assert result.info["counts"]["reused"] == seen[-1]
    assert len(scored_now) == 20 - seen[-1]
    assert tables_of(run) == tables_of(unbroken)
    assert pages_of(run) == pages_of(unbroken)


def test_runs_that_meet_share_the_cache_but_never_the_folder(
    piqa, captures, tmp_path, monkeypatch, quick
):
    monkeypatch.setenv("QUICK_SLEEP_S", "0.3")
    monkeypatch.setenv("PIQA_CACHE", str(tmp_path / "cache"))

    def started(folder):
        words = ["rank", str(captures), "-o", str(folder), "-q", *quick]
        command = [sys.executable, "-m", "piqa_cli", *words]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    first, beside = started(tmp_path / "one"), started(tmp_path / "two")
    while not (tmp_path / "one" / "pictures").exists() and first.poll() is None:
        time.sleep(0.01)
    first.send_signal(signal.SIGSTOP)  # or a slow third would come too late to meet it
    third = piqa("rank", captures, "-o", tmp_path / "one", *quick)
    first.send_signal(signal.SIGCONT)
    (_, one), (_, two) = (run.communicate(timeout=120) for run in (first, beside))
    assert (first.returncode, beside.returncode, one, two) == (0, 0, "", "")
    assert third.exit_code == 3
    assert f"one is being written by another run (process {first.pid} on " in third.stderr
    assert tables_of(tmp_path / "one") == tables_of(tmp_path / "two")
    assert known_scores(tmp_path / "cache" / "scores.sqlite") == 8
