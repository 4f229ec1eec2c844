"""Messages that C libraries (libtiff, libheif, lcms) print to stderr while a picture is read.

They are printed to file descriptor 2, past `sys.stderr`: without a file's name, and through the
middle of a progress bar. Here they are caught and belong to the file that caused them.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from piqa_cli.read.text import clean_text

_STDERR = 2
_MAX_BYTES = 16_384  # a damaged file can bring a line for every strip of pixels
_MAX_LINES = 5
_NAMELESS = b"tempfile.tif: "  # Pillow's name for every TIFF
_ONE_AT_A_TIME = threading.RLock()
_open_files: list[BinaryIO] = []  # where descriptor 2 goes now; empty: to the terminal


class LibraryMessages:
    """Text that was printed so far.

    Attributes:
        lines: each once, cleaned, in their order; complete when the `with` block has ended.
    """

    def __init__(self) -> None:
        self.lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "; ".join(self.lines)


@contextmanager
def library_messages() -> Iterator[LibraryMessages]:
    """Catches what is printed to stderr in a `with` block, also where the block raises.

    The descriptor is the whole process's, so other threads' lines would be caught, too: use it
    in decode processes, or where no other thread prints. Blocks may be nested; each has what was
    printed within it. Where there is no stderr, nothing is caught. A block costs 0.06 ms.
    """
    messages = LibraryMessages()
    with _ONE_AT_A_TIME, _redirected() as file:
        start = 0 if file is None else file.seek(0, os.SEEK_END)
        try:
            yield messages
        finally:
            if file is not None:
                _flush()
                file.seek(start)
                messages.lines = _lines(file.read(_MAX_BYTES))
                file.seek(0, os.SEEK_END)


@contextmanager
def _redirected() -> Iterator[BinaryIO | None]:
    """A file that descriptor 2 goes to; the one of the block around, where there is one."""
    if _open_files:
        yield _open_files[-1]
        return
    _flush()
    try:
        terminal = os.dup(_STDERR)
    except OSError:  # a service without stderr
        yield None
        return
    try:
        with tempfile.TemporaryFile(buffering=0) as file:
            os.dup2(file.fileno(), _STDERR)
            _open_files.append(file)
            try:
                yield file
            finally:
                _open_files.pop()
                os.dup2(terminal, _STDERR)
    finally:
        os.close(terminal)


def _flush() -> None:
    """Python's own lines reach the descriptor before it is turned."""
    with suppress(AttributeError, OSError, ValueError):
        sys.stderr.flush()


def _lines(text: bytes) -> tuple[str, ...]:
    cleaned = (clean_text(line.removeprefix(_NAMELESS)) for line in text.splitlines())
    unique = list(dict.fromkeys(line for line in cleaned if line))
    more = len(unique) - _MAX_LINES
    return (*unique[:_MAX_LINES], *([f"{more} more messages"] if more > 0 else ()))
