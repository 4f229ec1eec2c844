"""Output on the terminal: tables and JSON on stdout, progress on stderr."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import typer

from piqa_cli.errors import spelt_out

Item = TypeVar("Item")
Progress = Any
_STEPS = {"hash": "reading files", "score": "scoring", "crops": "original pixels"}
# Codes that a terminal obeys and JSON leaves as they are, and bytes of names that are no text.
_UNSAFE = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST = 40  # characters of a name in a table
_PATIENCE_S = 0.5  # hashing or cutting that ends sooner shows no bar


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
    text = json.dumps(value, indent=2, ensure_ascii=False)
    typer.echo(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def say(line: str = "") -> None:
    """One line on stdout; line ends and terminal codes that names bring are spelt out."""
    typer.echo(spelt_out(line))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns aligned by content: text to the left, figures to the right.

    Each row stays one line: names are spelt out, and cut in their middle where they are long. The
    last column is whole, since nothing stands behind it.
    """
    table = [_cut([spelt_out(cell) for cell in row]) for row in (head, *rows)]
    numeric = [all(_is_figure(row[i]) for row in table[1:]) for i in range(len(head))]
    widths = [max(_width(row[i]) for row in table) for i in range(len(head))]
    for row in table:
        cells = (
            f"{_blanks(cell, width)}{cell}" if right else f"{cell}{_blanks(cell, width)}"
            for cell, width, right in zip(row, widths, numeric, strict=True)
        )
        typer.echo("  ".join(cells).rstrip())


def _cut(cells: Sequence[str]) -> list[str]:
    """The cells of a row, the long ones but for the last without their middle."""
    if all(len(cell) <= _LONGEST for cell in cells):
        return list(cells)
    from piqa_cli.report.text import shortened

    return [*(shortened(cell, _LONGEST) for cell in cells[:-1]), *cells[-1:]]


def _blanks(cell: str, width: int) -> str:
    return " " * (width - _width(cell))


def _width(text: str) -> int:
    """Columns of a text on a terminal: two for wide characters, none for marks on others."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    marks = sum(unicodedata.category(c) in ("Mn", "Me", "Cf") for c in text)
    return len(text) + wide - marks


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
    return not text or text.removeprefix("(")[:1] in tuple("+-0123456789.")
