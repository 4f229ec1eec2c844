"""Two runs never write into one folder; a killed one never stands in the way."""

import subprocess
import sys

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.runs.folder import hold_out
from piqa_cli.runs.lock import LOCK_FILE, hold

HOLDER = """
import sys, time
from pathlib import Path
from piqa_cli.runs.folder import hold_out
with hold_out(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """A process that holds tmp_path / "run"."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path / "run"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_run_is_told_which_process_holds_the_folder(holder, tmp_path):
    with pytest.raises(PiqaError) as caught, hold_out(tmp_path / "run"):
        pass
    line = str(caught.value)
    assert line.startswith(
        f"{tmp_path / 'run'} is being written by another run (process {holder.pid} on "
    )
    assert line.endswith("): wait until it has ended, or choose another folder with -o")
    assert caught.value.exit_code == 3


def test_the_lock_of_a_killed_run_is_gone(holder, tmp_path):
    holder.kill()
    holder.wait()
    assert "process" in (tmp_path / "run" / LOCK_FILE).read_text()
    with hold_out(tmp_path / "run"):
        pass
    assert (tmp_path / "run" / LOCK_FILE).read_text() == ""


def test_the_pages_of_a_folder_that_is_being_written_are_left_alone(holder, piqa, tmp_path):
    result = piqa("report", tmp_path / "run")
    assert result.exit_code == 3
    assert f"being written by another run (process {holder.pid} on " in result.stderr


def test_a_folder_of_other_things_gets_no_lock_file(tmp_path):
    (tmp_path / "IMG_1.jpg").write_bytes(b"")
    with pytest.raises(PiqaError, match="holds other files"), hold_out(tmp_path):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["IMG_1.jpg"]


def test_a_folder_that_is_not_there_is_left_to_who_reads_it(tmp_path):
    with hold(tmp_path / "nowhere"):
        assert not (tmp_path / "nowhere").exists()


def test_what_a_killed_run_left_half_done_is_cleared(tmp_path):
    run = tmp_path / "run"
    for name in (".tmp-1-ab", "pictures/.tmp-2-cd", ".report-77-new/index.html"):
        (run / name).parent.mkdir(parents=True, exist_ok=True)
        (run / name).write_text("half")
    with hold_out(run):
        pass
    assert sorted(str(file.relative_to(run)) for file in run.rglob("*")) == [LOCK_FILE, "pictures"]


def test_pages_that_lacked_only_their_name_get_it(tmp_path):
    run = tmp_path / "run"
    for name in (".report-77-new/index.html", ".report-77-old/index.html"):
        (run / name).parent.mkdir(parents=True)
        (run / name).write_text(name)
    with hold_out(run):
        pass
    assert (run / "report" / "index.html").read_text() == ".report-77-new/index.html"
    assert not list(run.glob(".report-*"))
