"""Ends a command before its time: Ctrl-C, SIGTERM, and the exit codes of both."""

from __future__ import annotations

import signal
from types import FrameType

EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143
# Commands whose work so far is kept: scores in the cache, checkpoints. Others write all or nothing.
_GO_ON = frozenset({"rank", "score", "train"})


class Terminated(BaseException):
    """SIGTERM arrived: stop in an orderly way, as for Ctrl-C."""


def listen_for_sigterm() -> None:
    """Makes SIGTERM raise `Terminated` wherever the program is."""
    signal.signal(signal.SIGTERM, _terminate)


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise Terminated


def stopped_line(how: str, command: str | None) -> str:
    """Line about the kind of stop, and the work that is kept.

    Args:
        how: `interrupted` or `terminated`.
        command: the first word of the command; None: not known yet.
    """
    if command in _GO_ON:
        rest = "what was done so far is kept, the same command goes on from there"
    else:
        rest = "no file was left half written"
    return f"{how}; {rest}"
