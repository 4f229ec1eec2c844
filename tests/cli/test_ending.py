"""The exit code of a result stands, whatever becomes of the output: real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
GATES = {
    0: "[gates]\nmin_takes = 1\n",
    5: "",
    6: "[gates]\nmin_takes = 2\n",
}


@pytest.fixture(autouse=True)
def lines_wait_in_buffers(monkeypatch):
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)


@pytest.fixture
def lab(tmp_path):
    """Folder with scores and gates: lab(6) makes one whose ranking is to end with 6."""

    def make(code):
        rows = [f"{scene}/{n},{scene},d{n},{n}" for n in range(3) for scene in "AB"]
        rows += ["A/x,A,d1,"] * (code == 5)
        (tmp_path / "scores.csv").write_text("\n".join(["path,scene,device,score", *rows]))
        (tmp_path / "piqa.toml").write_text(GATES[code])
        return tmp_path

    return make


def _has(log, text):
    return log.exists() and text in log.read_text().replace(" ", "")


def command(*words):
    return [sys.executable, "-m", "piqa_cli", *words]


RANK = command("rank", "--scores", "scores.csv", "-o", "run")


def ended(folder, shell, *, err=subprocess.PIPE):
    """Exit code and stderr of the first command of a pipeline."""
    words = ["bash", "-c", f"{shell}; exit ${{PIPESTATUS[0]}}", "bash", *RANK]
    done = subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, stderr=err, check=False)
    return done.returncode, (done.stderr or b"").decode().splitlines()


@pytest.mark.parametrize("code", [0, 5, 6])
def test_a_reader_that_has_gone_changes_no_code(lab, code):
    found, said = ended(lab(code), '"$@" --json | true')
    assert found == code
    assert all(line.startswith(("piqa-cli: gate failed", "piqa-cli: ...")) for line in said)
    assert bool(said) is (code == 6)


def test_stderr_may_go_too(lab):
    assert ended(lab(6), '"$@" --json 2>&1 | true')[0] == 6


@needs_full
@pytest.mark.parametrize(("code", "ends"), [(0, 3), (5, 5), (6, 6)])
def test_a_full_stdout_is_one_line_and_hides_no_code(lab, code, ends):
    found, said = ended(lab(code), '"$@" > /dev/full | true')
    told = [line for line in said if "gate" not in line and "..." not in line]
    assert (found, told) == (
        ends,
        ["piqa-cli: the result can't be written to stdout (No space left on device)"],
    )


@needs_full
def test_nothing_at_all_can_be_said(lab):
    assert ended(lab(6), '"$@" > /dev/full 2> /dev/full | true')[0] == 6
    assert ended(lab(6), '"$@" >&- 2>&- | true', err=None)[0] == 6


@needs_full
def test_every_command_says_a_full_stdout_in_one_line(lab):
    done = subprocess.run(
        command("models"), stdout=FULL.open("w"), stderr=subprocess.PIPE, check=False, text=True
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="makes a pipe small, as Linux can")
@pytest.mark.parametrize(("code", "stop"), [(6, signal.SIGTERM), (5, signal.SIGINT)])
def test_a_signal_while_the_result_is_printed_changes_no_code(lab, code, stop):
    folder = lab(code)
    log = folder / "log.jsonl"
    words = [*RANK, "--json", "--log-file", str(log)]
    import fcntl

    # Nobody reads from this small and full pipe: the program is held in the middle of its output.
    reading, writing = os.pipe()
    os.write(writing, b" " * (fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096) - 1))
    with subprocess.Popen(words, cwd=folder, stdout=writing, stderr=subprocess.PIPE) as job:
        while not _has(log, '"stage":"report"'):
            time.sleep(0.1)
        time.sleep(0.5)
        job.send_signal(stop)
        assert job.wait(20) == code
    os.close(reading)
    os.close(writing)
    assert json.loads(log.read_text().splitlines()[-1])["exit_code"] == code


def test_compare_keeps_its_code_too(lab):
    folder = lab(6)
    assert ended(folder, '"$@" | cat')[0] == 6
    shell = f"{sys.executable} -m piqa_cli compare run run -o changes --json | true"
    assert ended(folder, shell)[0] == 6
