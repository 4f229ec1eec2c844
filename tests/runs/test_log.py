"""The log: whole lines, appended, whatever happens to the process."""

import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.runs.log import RunLog, StageWatch


def lines(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_each_event_is_one_object_with_its_time(tmp_path):
    log = RunLog(tmp_path / "logs" / "night.jsonl")
    log.note("failed", path="Bar/A/1.jpg", reason="truncated\nJPEG")
    log.close()
    (entry,) = lines(tmp_path / "logs" / "night.jsonl")
    assert datetime.fromisoformat(entry.pop("time")).utcoffset() == timedelta(0)
    assert entry.pop("pid") == os.getpid()
    assert entry == {"event": "failed", "path": "Bar/A/1.jpg", "reason": "truncated\nJPEG"}


def test_a_second_log_is_appended_and_a_torn_line_ended(tmp_path):
    file = tmp_path / "night.jsonl"
    file.write_text('{"event": "one"}\n{"event": "to')
    log = RunLog(file)
    log.note("two")
    log.close()
    assert file.read_text().splitlines()[1] == '{"event": "to'
    assert json.loads(file.read_text().splitlines()[2])["event"] == "two"


def test_names_that_are_no_unicode_survive(tmp_path):
    log = RunLog(tmp_path / "night.jsonl")
    log.note("failed", path=os.fsdecode(b"caf\xe9.jpg"))
    log.close()
    (entry,) = lines(tmp_path / "night.jsonl")
    assert os.fsencode(entry["path"]) == b"caf\xe9.jpg"


def test_what_was_noted_survives_kill_9(tmp_path):
    code = (
        "import sys, os, signal; from pathlib import Path\n"
        "from piqa_cli.runs.log import RunLog\n"
        "RunLog(Path(sys.argv[1])).note('start'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    file = tmp_path / "night.jsonl"
    done = subprocess.run([sys.executable, "-c", code, str(file)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [entry["event"] for entry in lines(file)] == ["start"]


def test_a_log_that_cannot_be_written_is_refused_at_once(tmp_path):
    (tmp_path / "file").write_text("")
    for name in (tmp_path, tmp_path / "file" / "night.jsonl"):
        with pytest.raises(PiqaError, match=r"can't write the log .*--log-file"):
            RunLog(name)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")  # noqa: PTH110
def test_a_full_disk_ends_the_log_not_the_run(tmp_path):
    (tmp_path / "night.jsonl").symlink_to("/dev/full")
    log = RunLog(tmp_path / "night.jsonl")
    log.note("start")
    log.note("finish")
    log.close()
    assert "ends early (No space left on device)" in log.trouble


def test_stages_are_noted_with_their_counts():
    noted = []
    watch = StageWatch(lambda event, **facts: noted.append((event, facts)))
    watch.ended("discover", captures=3)
    watch.ended("score", ok=2, failed=1)
    assert list(watch.seconds) == ["discover", "score"]
    seconds = watch.seconds["score"]
    assert noted[1] == ("stage", {"stage": "score", "seconds": seconds, "ok": 2, "failed": 1})
