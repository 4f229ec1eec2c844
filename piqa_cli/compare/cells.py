"""The captures of both runs, grouped by scene and device, and paired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeVar

from piqa_cli.compare.devices import Roster, key_of
from piqa_cli.compare.records import Subject
from piqa_cli.natural import natural, natural_path
from piqa_cli.records.capture_row import ScoredRow, TriedRow
from piqa_cli.records.equals import first_of_equals

Pair = tuple[TriedRow | None, TriedRow | None]
"""(in BASE, in NEW); one of them may be missing."""
AnyRow = TypeVar("AnyRow", bound=TriedRow)


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
    firmware stands in the path, and files move. What is left was added or removed.
    """
    ours, theirs = list(cell.base), list(cell.new)
    pairs: list[Pair] = []
    steps: list[Callable[[TriedRow], str | None]] = [_path, content_of, _file_name]
    if takes(ours) is not None and takes(theirs) is not None:
        steps.insert(0, _take)
    for name_of in steps:
        found = _matched(ours, theirs, name_of)
        pairs += found
        ours = [row for row in ours if all(row is not one for one, _ in found)]
        theirs = [row for row in theirs if all(row is not other for _, other in found)]
    pairs += [(row, None) for row in ours]
    pairs += [(None, row) for row in theirs]
    return sorted(pairs, key=_first_path)


def _matched(
    ours: Sequence[TriedRow], theirs: Sequence[TriedRow], name_of: Callable[[TriedRow], str | None]
) -> list[tuple[TriedRow, TriedRow]]:
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


def _path(row: TriedRow) -> str | None:
    return row.path


def _file_name(row: TriedRow) -> str | None:
    return PurePosixPath(row.path).name.casefold()


def _first_path(pair: Pair) -> tuple[tuple[object, str], ...]:
    row = pair[1] or pair[0]
    return natural_path(row.path) if row else ()
