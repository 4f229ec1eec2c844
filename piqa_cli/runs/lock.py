"""One run at a time writes into a folder; the lock's file names the process that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from piqa_cli.errors import PiqaError
from piqa_cli.file_lock import LockHeldError, locked
from piqa_cli.provenance import this_process

LOCK_FILE = ".run-lock"


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Keeps other processes from writing into a run's folder meanwhile.

    Where there is no lock to be had (see `locked`), the folder is used without.

    Raises:
        PiqaError: another process writes into it; the line names it, and since when.
    """
    file = folder / LOCK_FILE
    with ExitStack() as stack:
        try:
            is_held = stack.enter_context(locked(file, wait=False))
        except LockHeldError:
            raise _taken(folder) from None
        if is_held:
            _sign(file, this_process())
            stack.callback(_sign, file, "")
        yield


def is_held(folder: Path) -> bool:
    """True if another process writes into a run's folder now; leaves no lock file behind."""
    file = folder / LOCK_FILE
    if not file.exists():
        return False
    try:
        with locked(file, wait=False):
            return False
    except LockHeldError:
        return True


def _sign(file: Path, text: str) -> None:
    """Writes the holder of the lock into its file, for the message of refused processes."""
    with suppress(OSError):  # Windows lets nobody write into a locked file
        file.write_text(text, encoding="utf-8")


def _taken(folder: Path) -> PiqaError:
    holder = ""
    with suppress(OSError):
        holder = (folder / LOCK_FILE).read_text(encoding="utf-8").strip()
    return PiqaError(
        f"{folder} is being written by another run ({holder or 'another process'}): wait until it "
        "has ended, or choose another folder with -o"
    )
