"""A lock between processes: the operating system's, on a file, gone with the process.

A killed process therefore never blocks the next one; the file that carries the lock may stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_POLL_S = 0.005  # time between two attempts to get a lock that others hold for milliseconds


class LockHeldError(Exception):
    """Another process holds the lock."""


@contextmanager
def locked(file: Path, *, wait: bool) -> Iterator[bool]:
    """Holds the lock of a file, which is made where it is missing and left where it is.

    Where the file system knows no locks, or the file can't be made, the work goes on without:
    whoever writes next says what is wrong with the folder.

    Args:
        file: carries the lock.
        wait: waits as long as another process holds it.

    Yields:
        True: the lock is held; False: there is none to be had.

    Raises:
        LockHeldError: another process holds it, and `wait` is false.
    """
    if not file.parent.is_dir():  # filelock would make the folder
        yield False
        return
    from filelock import FileLock, Timeout  # takes 0.1 CPU-s, which commands that don't write save

    lock = FileLock(file, blocking=wait, poll_interval=_POLL_S, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:  # an OSError, too
        raise LockHeldError from None
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
