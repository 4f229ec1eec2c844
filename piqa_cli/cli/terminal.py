"""Output on the terminal: tables and JSON on stdout, progress on stderr."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import typer

Item = TypeVar("Item")
Progress = Any
_STEPS = {"hash": "reading files", "score": "scoring"}
_PATIENCE_S = 0.5  # hashing that ends sooner shows no bar


def progress_bar(quiet: bool) -> Progress:
    """A bar with photos/s and time left; none when quiet or when stderr is no terminal."""

    def wrap(items: Iterator[Item], total: int, step: str) -> Iterator[Item]:
        if not total:
            return items
        from tqdm import tqdm

        return tqdm(
            items,
            total=total,
            unit=" photos",
            desc=_STEPS[step],
            leave=step == "score",
            delay=0.0 if step == "score" else _PATIENCE_S,
            disable=True if quiet else None,
            ncols=shutil.get_terminal_size().columns,  # tqdm draws nothing at a width of 0
        )

    return wrap


def byte_bar(quiet: bool, name: str) -> Callable[[int, int | None], Any]:
    """A bar of what arrives of a file; none when quiet or when stderr is no terminal.

    Returns:
        Makes the bar from the bytes that are here already and those of the whole file.
    """

    def make(have: int, size: int | None) -> Any:
        from tqdm import tqdm

        return tqdm(
            initial=have,
            total=size,
            unit="B",
            unit_scale=True,
            desc=name,
            disable=True if quiet else None,
            ncols=shutil.get_terminal_size().columns,
        )

    return make


def print_json(value: Any) -> None:
    """One machine-readable object on stdout."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns aligned by content: text to the left, figures to the right."""
    numeric = [all(_is_figure(row[i]) for row in rows) for i in range(len(head))]
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        cells = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        )
        typer.echo("  ".join(cells).rstrip())


def signed(value: float | None) -> str:
    """A gap with its sign and two decimals; a dash where there is none."""
    return "-" if value is None else f"{round(value, 2) + 0.0:+.2f}"


def rank_range(low: int, high: int) -> str:
    """`2-4`, or `1` where the data settle it."""
    return str(low) if low == high else f"{low}-{high}"


def plural(count: int, noun: str) -> str:
    """`1 capture`, `2 captures`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _is_figure(text: str) -> bool:
    return not text or text[0] in "+-0123456789." or text == "-"
