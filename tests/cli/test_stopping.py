"""Ctrl-C and SIGTERM end every command in an orderly way: one line, its exit code, no debris."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from functools import partial

import pytest
from PIL import Image

KEPT = "what was done so far is kept, the same command goes on from there"
WHOLE = "no file was left half written"
SIGNALS = [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]


def start(*args):
    """A real process with a group of its own, as a terminal or systemd gives it."""
    return subprocess.Popen(
        [sys.executable, "-m", "piqa_cli", *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell's background jobs ignore Ctrl-C, and so would their children.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )


def wait_until(happened, seconds=120):
    for _ in range(seconds * 20):
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError("it never happened")


def group_is_gone(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def count_scores(cache):
    try:
        with sqlite3.connect(f"{cache.as_uri()}?mode=ro", uri=True) as db:
            return db.execute("SELECT count(*) FROM scores").fetchone()[0]
    except sqlite3.Error:  # not there yet
        return 0


@pytest.fixture
def many(captures, texture, monkeypatch):
    """More captures than are scored before the signal comes."""
    monkeypatch.setenv("QUICK_SLEEP_S", "0.5")
    for index in range(12):
        file = captures / "Park" / "Aster" / f"more_{index}.png"
        Image.fromarray(texture(50 + index)).save(file)
    return captures


@pytest.fixture
def stuck(tmp_path):
    """A run whose run.json is a pipe: whoever reads it waits."""
    folder = tmp_path / "stuck"
    folder.mkdir()
    os.mkfifo(folder / "run.json")
    return folder


@pytest.mark.parametrize(("number", "code", "how"), SIGNALS)
@pytest.mark.parametrize("command", ["report", "compare", "evaluate", "history"])
def test_commands_that_write_at_their_end(stuck, tmp_path, number, code, how, command):
    out = tmp_path / "out.svg"
    args = {
        "report": [stuck],
        "compare": [stuck, stuck, "-o", out],
        "evaluate": [stuck, "--truth", stuck, "-o", out],
        "history": ["A", stuck, "-o", out],
    }[command]
    process = start(command, *args)
    with (stuck / "run.json").open("w"):  # opens when the command has begun to read
        os.killpg(process.pid, number)
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (code, "")
    assert stderr == f"piqa-cli: {how}; {WHOLE}\n"
    assert {file.name for file in stuck.iterdir()} <= {"run.json", ".run-lock"}
    assert not out.exists()


def test_ctrl_c_reaches_the_readers_of_score_too(many, quick, tmp_path, monkeypatch):
    monkeypatch.setenv("PIQA_CACHE", str(tmp_path / "cache"))
    process = start("score", *quick, *sorted(many.rglob("*.png")))
    wait_until(lambda: count_scores(tmp_path / "cache" / "scores.sqlite"))
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout, stderr) == (130, "", f"piqa-cli: interrupted; {KEPT}\n")
    wait_until(lambda: group_is_gone(process.pid))


def test_systemd_stops_a_night_and_the_log_says_so(many, quick, tmp_path):
    log = tmp_path / "log.jsonl"
    out = tmp_path / "runs" / "{date}"
    process = start("rank", many, "-o", out, "--log-file", log, *quick)
    wait_until(lambda: any((tmp_path / "runs").glob("*/pictures/*.webp")))
    os.killpg(process.pid, signal.SIGTERM)
    _, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr) == (143, f"piqa-cli: terminated; {KEPT}\n")
    first, *_, last = [json.loads(line) for line in log.read_text().splitlines()]
    assert first["event"] == "start"
    assert (last["event"], last["exit_code"], last["error"]) == ("finish", 143, "terminated")
    assert not (tmp_path / "runs" / "latest").exists()
    wait_until(lambda: group_is_gone(process.pid))
