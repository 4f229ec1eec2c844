"""Folders that look mixed up: another phone's pictures, one phone in two folders, pictures twice.

Only what EXIF says of one capture is compared with what it says of others. A folder name is never
held against EXIF: a Galaxy S23 Ultra calls itself SM-S918B.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple

from piqa_cli.capture_notes import joined_notes, note_lines, paths_by_note
from piqa_cli.discover.shots import shot_name
from piqa_cli.natural import natural, natural_path
from piqa_cli.records import Failed, Scored
from piqa_cli.records.equals import first_of_equals
from piqa_cli.records.on_demand import each

_HAS_FRACTION = re.compile(r"\.0*[1-9]")  # some phones always write .000
_SHOWN = 3  # paths of equal files in a note


class _Phone(NamedTuple):
    """Name of the phone in EXIF."""

    make: str
    model: str

    def __str__(self) -> str:
        return self.model if self.make.casefold() in self.model.casefold() else " ".join(self)


def mixups(rows: Iterable[tuple[str, str, str | None, str | None]]) -> dict[str, str]:
    """Warns of device folders whose captures come from several phones, or share one phone.

    A folder's phone is the one of more than half of its captures. Captures by another phone are
    warned of one by one; if no phone has the majority, all are. Folders of one and the same phone
    warn on all of that phone's captures: it may be two units or builds on purpose.

    Args:
        rows: path, device, EXIF Make and EXIF Model of each capture; without Model it says nothing.

    Returns:
        Warning by path, for the captures that have one.
    """
    known = [(path, device, _phone(make, model)) for path, device, make, model in rows if model]
    counts: dict[str, Counter[_Phone]] = defaultdict(Counter)
    for _, device, phone in known:
        counts[device][phone] += 1
    homes: dict[_Phone, list[str]] = defaultdict(list)
    for device in sorted(counts, key=natural):
        main = _main(counts[device])
        if main is not None:
            homes[main].append(device)
    warnings: dict[str, str] = {}
    for path, device, phone in known:
        text = _mixup(device, phone, counts[device], homes=homes.get(phone, []))
        if text is not None:
            warnings[path] = text
    return warnings


class Taken(NamedTuple):
    """A capture that may be there twice: its place, bytes and pixels.

    Attributes:
        path, scene: of the capture.
        competitor: device, or device + firmware.
        sha256, pixels_sha256: of the file, and of what was scored of it; None: not known.
        captured_at: EXIF time, ISO 8601.
    """

    path: str
    scene: str
    competitor: str
    sha256: str
    pixels_sha256: str | None = None
    captured_at: str | None = None

    @property
    def cell(self) -> tuple[str, str]:
        """Scene and competitor."""
        return self.scene, self.competitor


def duplicates(rows: Iterable[Taken]) -> dict[str, str]:
    """Warns of files with equal content or pixels: of two competitors or scenes, or twice in one.

    Returns:
        Warning by path, for the captures that have one; the same for all equal ones.
    """
    ordered = sorted(rows, key=lambda row: natural_path(row.path))
    twins: dict[int, list[Taken]] = defaultdict(list)
    firsts = first_of_equals((row.sha256, row.pixels_sha256) for row in ordered)
    for row, first in zip(ordered, firsts, strict=True):
        twins[first].append(row)
    warnings: dict[str, str] = {}
    for group in twins.values():
        if len(group) > 1:
            warnings |= dict.fromkeys((row.path for row in group), _twins_text(group))
    return warnings


def same_moments(rows: Iterable[Taken]) -> dict[str, str]:
    """Warns of captures of one cell with the EXIF time of another, to the fraction of a second.

    Frames of a burst and copies that `duplicates` tells stay out of it, and so do times without
    a fraction or with an empty one: two takes can fall into one second.

    Returns:
        Warning by path, for all but the first in natural order.
    """
    first: dict[tuple[str, str, str], Taken] = {}
    warnings: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: natural_path(row.path)):
        moment = row.captured_at
        if not moment or not _HAS_FRACTION.search(moment):
            continue
        if shot_name(PurePosixPath(row.path).name).is_burst:
            continue
        other = first.setdefault((*row.cell, moment), row)
        if other is not row and not _equal(row, other):
            warnings[row.path] = (
                f"taken in the same moment as {other.path} of the same device, by EXIF: "
                "one shot in two files? Both count"
            )
    return warnings


@lru_cache(maxsize=65536)  # one object for all captures of a phone
def _phone(make: str | None, model: str | None) -> _Phone:
    return _Phone((make or "").strip(), (model or "").strip())


def _main(phones: Counter[_Phone]) -> _Phone | None:
    """The phone of more than half of the captures."""
    phone, count = phones.most_common(1)[0]
    return phone if 2 * count > phones.total() else None


def _mixup(device: str, phone: _Phone, phones: Counter[_Phone], *, homes: list[str]) -> str | None:
    main = _main(phones)
    if main is None:
        names = ", ".join(sorted(map(str, phones), key=natural))
        return f"device {device!r} holds captures by several phones: {names}"
    if phone != main:
        home = f", as in device {homes[0]!r}" if homes else ""
        return f"device {device!r} is {main} by EXIF, but this capture says {phone}{home}"
    if len(homes) > 1:
        return f"devices {', '.join(map(repr, homes))} are one phone by EXIF: {phone}"
    return None


def _twins_text(group: Sequence[Taken]) -> str:
    """Note on equal captures: within a cell they count once, the first in natural order."""
    same = "content" if len({row.sha256 for row in group}) == 1 else "pixels"
    counted = {row.cell: row for row in reversed(group)}
    again = [row for row in group if counted[row.cell] is not row]
    of_one = len(counted) == 1
    where = "of one device in one scene" if of_one else "under several scenes, devices or firmwares"
    note = f"same {same} in {len(group)} files {where} ({_listed(group)})"
    return f"{note}, not counted again: {_listed(again)}" if again else note


def _equal(one: Taken, other: Taken) -> bool:
    """True where two captures are one picture, byte for byte or pixel for pixel."""
    return first_of_equals((row.sha256, row.pixels_sha256) for row in (one, other)) == [0, 0]


def _listed(rows: Sequence[Taken]) -> str:
    """The first few paths, and how many more there are."""
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return ", ".join(row.path for row in rows[:_SHOWN]) + more


def damage_note(result: Scored) -> str | None:
    """The warning on a damaged capture that was scored because the settings ask for it.

    Args:
        result: a score.
    """
    damage = result.facts.damage
    return f"damaged, scored all the same: {damage}" if damage else None


def face_note(result: Scored) -> str | None:
    """Warning on a capture whose face may be another person's than in the rest of its scene.

    Args:
        result: a score.
    """
    if result.face.match != "unclear":
        return None
    return "scored with a face that may be another person's than in the scene's other captures"


def with_warnings(
    results: Sequence[Scored | Failed], competitors: Sequence[str]
) -> Sequence[Scored | Failed]:
    """Notes on the captures what is odd, damaged, or looks like a mix-up of folders or files.

    Args:
        results: what became of the captures.
        competitors: whom each of them counts for: equal pictures count once for one of these.
    """
    mixed = mixups(
        (r.capture.path, r.capture.device, r.facts.exif.make, r.facts.exif.model)
        for r in _scored(results)
    )
    taken = [
        Taken(
            result.capture.path,
            result.capture.scene,
            competitor,
            result.facts.sha256,
            result.facts.pixels_sha256,
            result.facts.exif.captured_at,
        )
        for result, competitor in zip(results, competitors, strict=True)
        if isinstance(result, Scored)
    ]
    tables = (mixed, duplicates(taken), same_moments(taken))

    def noted(result: Scored | Failed) -> Scored | Failed:
        if not isinstance(result, Scored):
            return result
        of_others = [table.get(result.capture.path) for table in tables]
        notes = [*of_others, damage_note(result), face_note(result), *result.facts.warnings]
        return replace(result, warning=joined_notes(note for note in notes if note))

    return each(results, noted)


def _scored(results: Iterable[Scored | Failed]) -> Iterator[Scored]:
    return (result for result in results if isinstance(result, Scored))


def warning_lines(results: Sequence[Scored | Failed]) -> tuple[str, ...]:
    """Each note once, with the file that it is about, in the order met.

    Notes on one capture are lines of their own, so that a lab that knows one doesn't miss another.
    """
    return note_lines(paths_by_note((r.capture.path, r.warning) for r in _scored(results)))
