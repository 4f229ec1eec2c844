"""Notes on captures: one text a capture, and one line for all captures with the same note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

_BETWEEN = "; "  # notes on one capture


def joined_notes(notes: Iterable[str]) -> str | None:
    """The text that a capture keeps as its `warning`; None: there is no note."""
    return _BETWEEN.join(notes) or None


def paths_by_note(captures: Iterable[tuple[str, str | None]]) -> dict[str, tuple[str, ...]]:
    """Paths of the captures with each note, both in the order met.

    Args:
        captures: path and `warning` of each.
    """
    paths: dict[str, list[str]] = {}
    for path, warning in captures:
        for note in warning.split(_BETWEEN) if warning else ():
            paths.setdefault(note, []).append(path)
    return {note: tuple(files) for note, files in paths.items()}


def note_line(paths: Sequence[str], note: str) -> str:
    """One line on all captures with a note.

    >>> note_line(["a.jpg", "b.jpg"], "odd")
    'a.jpg and 1 more: odd'
    """
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{paths[0]}{more}: {note}"


def note_lines(notes: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """A line for each note, in their order."""
    return tuple(note_line(paths, note) for note, paths in notes.items())
