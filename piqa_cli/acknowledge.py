"""Warnings that a lab knows and accepts, by patterns of `[acknowledge]` in piqa.toml."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TypeVar

from piqa_cli.capture_notes import note_line

_T = TypeVar("_T")


def is_acknowledged(text: str, patterns: Iterable[str]) -> bool:
    """True if a pattern of the shell, or the very same text, fits the whole text, case ignored.

    >>> is_acknowledged("k2: holds Two phones", ["*two phones*"])
    True
    """
    lower = text.lower()
    # Texts may hold brackets of their own, as in [devices].
    return any(p.lower() == lower or fnmatchcase(lower, p.lower()) for p in patterns)


def parted(
    warnings: Sequence[_T], patterns: Sequence[str], *, text: Callable[[_T], str]
) -> tuple[tuple[_T, ...], tuple[_T, ...]]:
    """Warnings that need a look, and those that are acknowledged, both in their order.

    Args:
        warnings: of any form.
        patterns: see `is_acknowledged`.
        text: of a warning, as patterns match it.
    """
    known = [is_acknowledged(text(warning), patterns) for warning in warnings]
    pairs = list(zip(warnings, known, strict=True))
    return (
        tuple(warning for warning, is_known in pairs if not is_known),
        tuple(warning for warning, is_known in pairs if is_known),
    )


def parted_lines(
    lines: Iterable[str], patterns: Sequence[str], notes: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines that need a look, and those that are acknowledged, both in their order.

    A line on several captures (`a.jpg and 3 more: odd`) is matched capture by capture, as
    `a.jpg: odd`; where a lab knows some of them, it becomes two lines. The very line as a pattern
    acknowledges all of them.

    Args:
        lines: of a run.
        patterns: see `is_acknowledged`.
        notes: paths of the captures with each note.
    """
    several = {note_line(paths, note): (paths, note) for note, paths in notes.items()}
    exact = {pattern.lower() for pattern in patterns}
    open_lines: list[str] = []
    known_lines: list[str] = []
    for line in lines:
        paths, note = several.get(line, ((), ""))
        if len(paths) < 2:
            (known_lines if is_acknowledged(line, patterns) else open_lines).append(line)
            continue
        is_whole = line.lower() in exact
        known = [p for p in paths if is_whole or is_acknowledged(f"{p}: {note}", patterns)]
        set_of_known = set(known)
        rest = [path for path in paths if path not in set_of_known]
        known_lines += [note_line(known, note)] if known else []
        open_lines += [note_line(rest, note)] if rest else []
    return tuple(open_lines), tuple(known_lines)
