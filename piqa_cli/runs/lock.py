"""One run at a time writes into a folder: an operating system's lock, gone with its process.

A killed run therefore never blocks the next one; the file that carries the lock may stay behind.
"""

from __future__ import annotations

import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from piqa_cli.errors import PiqaError
from piqa_cli.provenance import this_process

LOCK_FILE = ".run-lock"
_TAKEN = {errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK}


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Keeps other processes from writing into a run's folder meanwhile.

    Where the file system knows no locks, or the lock's file can't be made, the folder is used
    without: whoever writes next says what is wrong with it.

    Raises:
        PiqaError: another process writes into it; the line names it, and since when.
    """
    try:
        stream = (folder / LOCK_FILE).open("a+", encoding="utf-8")
    except OSError:
        yield
        return
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _TAKEN:
                raise _taken(folder, stream) from None
            yield
            return
        _sign(stream, this_process())
        try:
            yield
        finally:
            _sign(stream, "")


def _sign(stream: IO[str], text: str) -> None:
    """Writes who holds the lock, for whoever is refused."""
    stream.seek(0)
    stream.truncate()
    stream.write(text)
    stream.flush()


def _taken(folder: Path, stream: IO[str]) -> PiqaError:
    stream.seek(0)
    holder = stream.read().strip() or "another process"
    return PiqaError(
        f"{folder} is being written by another run ({holder}): wait until it has ended, or choose "
        "another folder with -o"
    )
