"""A run's log: JSON lines, one object a line, appended during the run.

A line is one write to the file's end, so lines of two runs don't mix and what is written survives
a kill of the process.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from piqa_cli.errors import PiqaError
from piqa_cli.provenance import utc_now

Note = Callable[..., None]
"""Takes the name of an event and its facts: `note("stage", stage="rank", devices=4)`."""


def no_note(_event: str, **_facts: Any) -> None:
    """Writes nothing: the log of a run that keeps none."""


class RunLog:
    """An open log file.

    Attributes:
        trouble: reason why lines could no longer be written, such as a full disk; None: no failure.
    """

    def __init__(self, file: Path) -> None:
        """Opens the log, or refuses before anything is done.

        Raises:
            PiqaError: the file can't be written.
        """
        self._file = file
        self.trouble: str | None = None
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
            self._end_torn_line()
        except OSError as error:
            raise PiqaError(
                f"can't write the log {file} ({error.strerror}): choose another --log-file"
            ) from error

    def _end_torn_line(self) -> None:
        """Ends a line that a crash of the machine cut off, so that the next line is whole."""
        size = os.fstat(self._descriptor).st_size
        if size and os.pread(self._descriptor, 1, size - 1) != b"\n":
            os.write(self._descriptor, b"\n")

    def note(self, event: str, **facts: Any) -> None:
        """Appends one line; a log that can no longer be written doesn't stop the run."""
        if self.trouble is not None:
            return
        entry = {"time": utc_now(), "pid": os.getpid(), "event": event, **facts}
        # ASCII with escapes: names that aren't valid Unicode on disk survive too.
        line = json.dumps(entry, default=str) + "\n"
        try:
            os.write(self._descriptor, line.encode("ascii"))
        except OSError as error:
            self.trouble = f"the log {self._file} ends early ({error.strerror})"

    def close(self) -> None:
        """Closes the file."""
        os.close(self._descriptor)


class StageWatch:
    """Notes the end of every stage with its counts, and keeps the seconds that each took.

    Attributes:
        seconds: wall time by stage, in their order.
    """

    def __init__(self, note: Note) -> None:
        self._note = note
        self._since = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def ended(self, stage: str, **counts: Any) -> None:
        """Notes the end of a stage; the next one begins."""
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._since, 3)
        self._since = now
        self._note("stage", stage=stage, seconds=self.seconds[stage], **counts)
