"""The warnings of run.json as lines of a page: the file first, then what is odd about it."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from piqa_cli.acknowledge import parted
from piqa_cli.report.site import Site

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
    return _lines(site, _parted(site)[0])


def acknowledged_lines(site: Site) -> tuple[WarningLine, ...]:
    """The run's warnings that the lab knows and accepts."""
    return _lines(site, _parted(site)[1])


def acknowledged_patterns(site: Site) -> tuple[str, ...]:
    """Patterns of the warnings that the lab knew when the run was made."""
    return tuple(site.run.info.get("settings", {}).get("acknowledge", ()))


def _parted(site: Site) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return parted(site.run.info.get("warnings", ()), acknowledged_patterns(site), text=str)


def _lines(site: Site, warnings: Sequence[str]) -> tuple[WarningLine, ...]:
    paths = {row.path for row in site.run.tables.captures}
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
