import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from piqa_cli.errors import CaptureError
from piqa_cli.score.readers import Readers

sys.path.insert(0, str(Path(__file__).parent))
import reader_jobs


@pytest.fixture
def readers():
    with Readers(workers=1, timeout_s=20) as pool:
        yield pool


def test_results_and_refusals_come_through(readers):
    assert readers.result_of(readers.submit(reader_jobs.double, 21)) == 42
    with pytest.raises(CaptureError, match="no picture"):
        readers.result_of(readers.submit(reader_jobs.refuse))


def test_a_process_that_dies_costs_its_one_capture(readers):
    death = readers.submit(reader_jobs.die)
    after = readers.submit(reader_jobs.double, 2)
    with pytest.raises(CaptureError, match="the reading process died") as caught:
        readers.result_of(death)
    assert caught.value.stage == "read"
    assert readers.result_of(after) == 4


def test_a_process_that_hangs_is_ended():
    with Readers(workers=1, timeout_s=3) as pool:
        pool.result_of(pool.submit(reader_jobs.double, 1))
        hanging = pool.submit(reader_jobs.hang)
        with pytest.raises(CaptureError, match="took longer than 3 s"):
            pool.result_of(hanging)
        assert pool.result_of(pool.submit(reader_jobs.double, 3)) == 6


def test_decode_processes_import_no_torch(readers):
    modules = readers.result_of(readers.submit(reader_jobs.loaded_modules))
    assert "PIL.Image" in modules
    assert not {"torch", "timm", "open_clip", "facenet_pytorch", "torchvision"} & set(modules)


def test_a_pool_that_was_never_used_ends_at_once():
    with Readers(workers=2, timeout_s=1):
        pass


def test_stopping_does_not_wait_for_a_frozen_process():
    with Readers(workers=1, timeout_s=600) as pool:
        os.kill(pool.result_of(pool.submit(reader_jobs.own_pid)), signal.SIGSTOP)
        waiting = pool.submit(reader_jobs.double, 1)
        with ThreadPoolExecutor(1) as thread:
            told = thread.submit(pool.result_of, waiting)
            time.sleep(0.5)
            pool.stop()
            with pytest.raises(CaptureError, match="the reading process died"):
                told.result(timeout=5)


def test_no_process_outlives_a_killed_run():
    code = "import reader_jobs; reader_jobs.hold_a_pool()"
    run = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    idle_and_busy = [int(run.stdout.readline()), int(run.stdout.readline())]
    assert len({run.pid, *idle_and_busy}) == 3
    run.kill()
    run.wait()
    start = time.monotonic()
    assert run.stdout.read() == ""  # ends when the last process that could write has gone
    assert time.monotonic() - start < 20
    assert not any(Path(f"/proc/{pid}").exists() and _runs(pid) for pid in idle_and_busy)


@pytest.mark.skipif(sys.platform != "linux", reason="a server for forks is used on Linux only")
def test_ctrl_c_in_the_middle_of_imports_makes_no_process_speak():
    code = "import reader_jobs; reader_jobs.be_interrupted()"
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        start_new_session=True,  # the signal goes to a whole group, as from a terminal
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    assert run.stdout == "told at once\n"
    assert run.stderr == ""


def _runs(pid):
    """True if a process is more than an entry that no one has collected."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_what_nobody_took_is_gone_once_processes_are_ended():
    with Readers(workers=1, timeout_s=60) as pool:
        folder = pool.share([])
        if folder is None:
            pytest.skip("no shared memory here")
        assert pool.result_of(pool.submit(reader_jobs.double, 1)) == 2
        (folder / "left").write_bytes(b"views")
        pool.close()
        assert not folder.exists()
