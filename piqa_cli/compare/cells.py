"""The captures of both runs, grouped by scene and device, and paired."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeVar

from piqa_cli.compare.devices import Roster, key_of
from piqa_cli.compare.records import PairedBy, Subject
from piqa_cli.natural import natural, natural_path
from piqa_cli.records.capture_row import ScoredRow, TriedRow
from piqa_cli.records.equals import first_of_equals

Pair = tuple[TriedRow | None, TriedRow | None, PairedBy | None]
"""(in BASE, in NEW, why they belong together); one of the captures may be missing."""
AnyRow = TypeVar("AnyRow", bound=TriedRow)
_DIGITS = re.compile(r"\d+")
_DATE_OR_COUNTER = re.compile(r"\d{4}")  # shorter numbers are takes: 1.jpg is never 3.jpg


@dataclass(frozen=True, slots=True)
class Cell:
    """Captures of one device in one scene, in both runs.

    Attributes:
        scene, condition, subject: that the cell belongs to.
        base, new: rows of the captures tables, scored or failed, in natural order of paths.
        base_scored, new_scored: what counts: with a score, and of equal pictures the first.
    """

    scene: str
    condition: str | None
    subject: Subject
    base: tuple[TriedRow, ...]
    new: tuple[TriedRow, ...]
    base_scored: tuple[ScoredRow, ...]
    new_scored: tuple[ScoredRow, ...]


def gather(base: Iterable[TriedRow], new: Iterable[TriedRow], roster: Roster) -> tuple[Cell, ...]:
    """Every cell that either run has, by scene, then device.

    Args:
        base: rows of BASE's captures table, skipped files aside.
        new: those of NEW.
        roster: the devices of both.
    """
    place = {subject: number for number, subject in enumerate(roster.subjects)}
    groups: dict[tuple[str, int], tuple[list[TriedRow], list[TriedRow]]] = {}
    for side, rows, owner in ((0, base, roster.of_base), (1, new, roster.of_new)):
        for row in rows:
            key = row.scene, place[owner[key_of(row)]]
            groups.setdefault(key, ([], []))[side].append(row)
    ordered = sorted(groups, key=lambda key: (natural(key[0]), key[1]))
    return tuple(_cell(scene, roster.subjects[n], *groups[scene, n]) for scene, n in ordered)


def _cell(scene: str, subject: Subject, base: list[TriedRow], new: list[TriedRow]) -> Cell:
    for rows in (base, new):
        rows.sort(key=lambda row: natural_path(row.path))
    conditions = [row.condition for row in (*new, *base)]
    return Cell(
        scene=scene,
        condition=next((name for name in conditions if name is not None), None),
        subject=subject,
        base=tuple(base),
        new=tuple(new),
        base_scored=tuple(_counted(base)),
        new_scored=tuple(_counted(new)),
    )


def _counted(rows: Sequence[TriedRow]) -> list[ScoredRow]:
    """Scored captures as ranking counts them: of equal pictures the first."""
    scored = [row for row in rows if isinstance(row, ScoredRow)]
    firsts = first_of_equals((content_of(row), row.pixels_sha256) for row in scored)
    return [scored[n] for n, first in enumerate(firsts) if n == first]


def content_of(row: TriedRow) -> str:
    """Identity of a capture's content: captures with the same one are the same file.

    It is the SHA-256. Where that isn't known (given scores, files that can't be read) it is the
    path with the score or the reason of the failure.
    """
    return row.sha256 or f"{row.path} {row.score} {row.reason}"


def same_file(one: TriedRow, other: TriedRow) -> bool:
    """True if two captures are the same file, byte for byte."""
    return content_of(one) == content_of(other)


def takes(rows: Sequence[AnyRow]) -> dict[str, AnyRow] | None:
    """The captures by take; None where one has no take or two share one."""
    named = {row.take: row for row in rows if row.take is not None}
    return named if len(named) == len(rows) else None


def partners(cell: Cell) -> list[Pair]:
    """Pairs of captures of BASE and NEW that belong together; None: no partner.

    By take where both runs name them, then by path, content and file name: the folder of a
    firmware stands in the path, and files move. Then by order, see `in_order`. What is left was
    added or removed.
    """
    ours, theirs = list(cell.base), list(cell.new)
    pairs: list[Pair] = []
    steps: list[tuple[PairedBy, Callable[[TriedRow], str | None]]] = [
        ("path", _path),
        ("content", content_of),
        ("name", _file_name),
    ]
    if takes(ours) is not None and takes(theirs) is not None:
        steps.insert(0, ("take", _take))
    for by, name_of in steps:
        found = _matched(ours, theirs, name_of)
        pairs += [(base, new, by) for base, new in found]
        ours, theirs = _rest(ours, theirs, found)
    ordered = in_order(ours, theirs)
    pairs += [(base, new, "order") for base, new in ordered]
    ours, theirs = _rest(ours, theirs, ordered)
    pairs += [(row, None, None) for row in ours]
    pairs += [(None, row, None) for row in theirs]
    return sorted(pairs, key=_first_path)


def paired_in_order(
    base: Sequence[ScoredRow], new: Sequence[ScoredRow]
) -> list[tuple[ScoredRow, ScoredRow]] | None:
    """All captures of a cell in pairs, by content or order; None: they can't all be paired so.

    A name that comes back in NEW names no date: then order has nothing to say.
    """
    same = _matched(base, new, content_of)
    ours, theirs = _rest(base, new, same)
    if {_file_name(row) for row in ours} & {_file_name(row) for row in theirs}:
        return None
    ordered = in_order(ours, theirs)
    complete = len(same) + len(ordered) == len(base) == len(new)
    return [*same, *ordered] if ordered and complete else None


def in_order(ours: Sequence[AnyRow], theirs: Sequence[AnyRow]) -> list[tuple[AnyRow, AnyRow]]:
    """The k-th capture of BASE with the k-th of NEW, where names carry dates or counters.

    Cameras name files by the clock or a counter, so no name comes back in another night. Files
    whose names differ in digits only are one series; it is paired where both runs have as many.
    Their order is that of the camera's clock where all have it, else that of their paths.
    """
    pairs: list[tuple[AnyRow, AnyRow]] = []
    for series in dict.fromkeys(name for row in ours if (name := _series(row)) is not None):
        one, other = ([row for row in rows if _series(row) == series] for rows in (ours, theirs))
        if len(one) == len(other) and all(map(_names_differ, (one, other))):
            timed = all(row.exif_captured_at for row in (*one, *other))
            for rows in (one, other):
                rows.sort(key=lambda row: natural_path(row.path))
                if timed:
                    rows.sort(key=lambda row: row.exif_captured_at or "")
            pairs += zip(one, other, strict=True)
    return pairs


def _series(row: TriedRow) -> str | None:
    """A file's name without its digits; None: it carries neither date nor counter."""
    if row.take is not None and not _DATE_OR_COUNTER.search(row.take):
        return None  # the run says which take it is
    name = _file_name(row)
    return _DIGITS.sub("#", name) if _DATE_OR_COUNTER.search(name) else None


def _names_differ(rows: Sequence[TriedRow]) -> bool:
    return len({_file_name(row) for row in rows}) == len(rows)


def _rest(
    ours: Sequence[AnyRow], theirs: Sequence[AnyRow], found: Sequence[tuple[AnyRow, AnyRow]]
) -> tuple[list[AnyRow], list[AnyRow]]:
    """Captures of both that are in no pair."""
    known = {id(row) for pair in found for row in pair}
    one, other = ([row for row in rows if id(row) not in known] for rows in (ours, theirs))
    return one, other


def _matched(
    ours: Sequence[AnyRow], theirs: Sequence[AnyRow], name_of: Callable[[TriedRow], str | None]
) -> list[tuple[AnyRow, AnyRow]]:
    """Pairs of captures with a name that occurs once on either side."""
    count = Counter(name_of(row) for row in ours)
    counts = Counter(name_of(row) for row in theirs)
    there = {name_of(row): row for row in theirs}
    found = []
    for row in ours:
        name = name_of(row)
        if name is not None and count[name] == counts[name] == 1:
            found.append((row, there[name]))
    return found


def _take(row: TriedRow) -> str | None:
    return row.take


def _path(row: TriedRow) -> str:
    return row.path


def _file_name(row: TriedRow) -> str:
    return PurePosixPath(row.path).name.casefold()


def _first_path(pair: Pair) -> tuple[tuple[object, str], ...]:
    row = pair[1] or pair[0]
    return natural_path(row.path) if row else ()
