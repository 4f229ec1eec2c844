"""The warnings of run.json as lines of a page: the file first, then what is odd about it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from piqa_cli.acknowledge import parted_lines
from piqa_cli.capture_notes import paths_by_note
from piqa_cli.report.site import Site
from piqa_cli.runs.capture_rows import column
from piqa_cli.runs.table_set import Run

_MORE = re.compile(r"(?P<path>.*)(?P<more> and \d+ more)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class WarningLine:
    """One warning.

    Attributes:
        path: the file that it is about; empty: it names none.
        more: how many others it is about too, in words; may be empty.
        text: what is odd.
    """

    path: str
    more: str
    text: str


def warning_lines(site: Site) -> tuple[WarningLine, ...]:
    """The run's warnings in their order, but for those that the lab knows."""
    return _lines(site, parted_warnings(site.run)[0])


def acknowledged_lines(site: Site) -> tuple[WarningLine, ...]:
    """The run's warnings that the lab knows and accepts."""
    return _lines(site, parted_warnings(site.run)[1])


def acknowledged_patterns(site: Site) -> tuple[str, ...]:
    """Patterns of the warnings that the lab knew when the run was made."""
    return _patterns(site.run)


def parted_warnings(run: Run) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Warnings of a run that the lab didn't know when it was made, and those that it knew."""
    notes = paths_by_note(_noted(run))
    return parted_lines(run.info.get("warnings", ()), _patterns(run), notes)


def _noted(run: Run) -> Iterator[tuple[str, str]]:
    """Paths of the captures that a warning is about, each with its warning."""
    rows = run.tables.captures
    warnings = column(rows, "warning")
    if any(warnings):
        columns = column(rows, "status"), column(rows, "path"), warnings
        for status, path, warning in zip(*columns, strict=True):
            if status == "ok" and warning:
                yield path, warning


def _patterns(run: Run) -> tuple[str, ...]:
    return tuple(run.info.get("settings", {}).get("acknowledge", ()))


def _lines(site: Site, warnings: Sequence[str]) -> tuple[WarningLine, ...]:
    paths = frozenset(column(site.run.tables.captures, "path") if warnings else ())
    return tuple(warning_line(text, paths) for text in warnings)


def warning_line(warning: str, paths: Container[str]) -> WarningLine:
    """Takes `PATH: text` or `PATH and 3 more: text` apart.

    Args:
        warning: as run.json has it.
        paths: the files that may stand at its beginning; they may hold colons themselves.

    >>> warning_line("a: b.jpg and 3 more: odd", {"a: b.jpg"})
    WarningLine(path='a: b.jpg', more=' and 3 more', text='odd')
    """
    for colon in re.finditer(": ", warning):
        head, text = warning[: colon.start()], warning[colon.end() :]
        if head in paths:
            return WarningLine(head, "", text)
        several = _MORE.fullmatch(head)
        if several and several["path"] in paths:
            return WarningLine(several["path"], several["more"], text)
    return WarningLine("", "", warning)
