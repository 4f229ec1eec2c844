"""The lock between processes: waited for or refused, gone with its process."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from piqa_cli.file_lock import LockHeldError, locked

HOLDER = """
import sys, time
from pathlib import Path
from piqa_cli.file_lock import locked
with locked(Path(sys.argv[1]), wait=False):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def hold(tmp_path):
    """Starts a process that holds the lock of tmp_path / "lock" for some seconds."""
    processes = []

    def start(seconds):
        command = [sys.executable, "-c", HOLDER, str(tmp_path / "lock"), str(seconds)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        processes.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def test_a_held_lock_is_refused_and_its_file_left_alone(hold, tmp_path):
    hold(60)
    (tmp_path / "lock").write_text("held by me")
    with pytest.raises(LockHeldError), locked(tmp_path / "lock", wait=False):
        pass
    assert (tmp_path / "lock").read_text() == "held by me"


def test_the_lock_of_a_killed_process_is_gone(hold, tmp_path):
    process = hold(60)
    process.kill()
    process.wait()
    with locked(tmp_path / "lock", wait=False) as is_held:
        assert is_held


def test_a_held_lock_is_waited_for(hold, tmp_path):
    process = hold(0.5)
    started = time.monotonic()
    with locked(tmp_path / "lock", wait=True) as is_held:
        assert is_held
    assert time.monotonic() - started < 30
    assert process.wait(timeout=30) == 0


def test_without_a_folder_the_work_goes_on(tmp_path):
    with locked(tmp_path / "nowhere" / "lock", wait=True) as is_held:
        assert not is_held
    assert not (tmp_path / "nowhere").exists()


def test_errors_of_the_work_pass_through(tmp_path):
    with pytest.raises(OSError, match="disk full"), locked(tmp_path / "lock", wait=False):
        raise OSError("disk full")
    with locked(tmp_path / "lock", wait=False) as is_held:
        assert is_held
