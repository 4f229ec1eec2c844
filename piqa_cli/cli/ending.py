"""Ends a command with the exit code of its result, whatever becomes of its output."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

import typer

from piqa_cli.cli.stopping import Terminated
from piqa_cli.errors import PiqaError, spelt_out


class OutputError(PiqaError):
    """Stdout took no more of the result, such as on a full disk."""

    @classmethod
    def of(cls, error: OSError) -> OutputError:
        """The line for what stdout raised."""
        return cls(f"the result can't be written to stdout ({error.strerror or error})")


def print_and_end(code: int, *parts: Callable[[], None]) -> None:
    """Prints the result of finished work, then ends the command with its exit code.

    The code is decided before: neither a reader that has gone (`| head`) nor a full disk nor a
    signal that comes while lines are written changes 5 or 6. Each part is tried, so that failed
    gates are still said on stderr where stdout takes nothing more.

    Args:
        code: exit code of the result.
        parts: print it, on stdout or by `print_trouble`, and do nothing else.

    Raises:
        typer.Exit: with the code, where it isn't 0.
        OutputError: stdout is full, and the code would have said that all is well.
    """
    trouble: OSError | None = None
    try:
        for part in parts:
            trouble = _printed(part) or trouble
    except (KeyboardInterrupt, Terminated):  # the work is done, only its telling was cut short
        drop(sys.stdout)
        drop(sys.stderr)
        raise typer.Exit(code) from None
    if trouble is not None:
        full = OutputError.of(trouble)
        if not code:
            raise full
        print_trouble(str(full))
    if code:
        raise typer.Exit(code)


def _printed(part: Callable[[], None]) -> OSError | None:
    """Prints a part; returns the error of a stdout that takes nothing, a closed pipe aside."""
    try:
        part()
    except BrokenPipeError:
        drop(sys.stdout)
    except OSError as error:  # a part does nothing but print
        drop(sys.stdout)
        return error
    return None


def drop(stream: TextIO | None) -> None:
    """Lets a stream lead nowhere: Python would try at its end to write what still lies in it."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]
        os.close(nowhere)


def print_trouble(text: str) -> None:
    """One line on stderr, whatever names in it hold; a stderr that takes nothing is no error."""
    try:
        typer.echo(f"piqa-cli: {spelt_out(text)}", err=True)
    except OSError:
        drop(sys.stderr)
