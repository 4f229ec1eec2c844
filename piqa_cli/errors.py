"""The one error family: what a user can mend, each with its exit code.

Anything else that reaches the top is a bug and shows a traceback (exit 1).
"""

from __future__ import annotations

import unicodedata
from typing import Literal

Stage = Literal["discover", "read", "face", "score"]


# Invisible, but part of how names are written: joiners of Persian, Hindi and emoji.
_JOINERS = frozenset("\u200c\u200d")


def spelt_out(text: str) -> str:
    r"""A text as one line that no terminal obeys: line ends and codes in it are spelt out.

    >>> spelt_out("a\x1b[2Jb\n"), spelt_out("Näme 名")
    ('a\\x1b[2Jb\\n', 'Näme 名')
    """
    if text.isprintable():
        return text
    return "".join(
        c
        if c.isprintable() or c in _JOINERS or unicodedata.category(c) == "Zs"
        else c.encode("unicode_escape").decode()
        for c in text
    )


class PiqaError(Exception):
    """One line that says what is wrong, with which file, and what to do.

    Exit code 3: input or settings unusable, nothing was ranked.
    """

    exit_code = 3

    def __str__(self) -> str:
        r"""The line; what names and cells bring of line ends and terminal codes is spelt out.

        >>> str(PiqaError("a\x1b[2Jb\n"))
        'a\\x1b[2Jb\\n'
        """
        return spelt_out(super().__str__())


class UsageError(PiqaError):
    """The command line contradicts itself (exit code 2)."""

    exit_code = 2


class MissingPartError(PiqaError):
    """Weights, a processor or an optional part is missing or unusable (exit code 4)."""

    exit_code = 4


class CaptureError(Exception):
    """One capture can't be scored; the run goes on and the capture becomes a failed row."""

    def __init__(self, stage: Stage, reason: str) -> None:
        super().__init__(reason)
        self.stage: Stage = stage
        self.reason = reason

    def __reduce__(self) -> tuple[type[CaptureError], tuple[Stage, str]]:
        return CaptureError, (self.stage, self.reason)
