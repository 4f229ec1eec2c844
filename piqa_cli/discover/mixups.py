"""Folders that look mixed up: another phone's pictures, one phone in two folders, files twice.

Only what EXIF says of one capture is compared with what it says of others. A folder name is never
held against EXIF: a Galaxy S23 Ultra calls itself SM-S918B.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from piqa_cli.natural import natural, natural_path
from piqa_cli.records import Failed, Scored


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


def duplicates(rows: Iterable[tuple[str, str, str, str]]) -> dict[str, str]:
    """Warns of files with equal content: of two competitors or scenes, or twice in one.

    Args:
        rows: path, scene, competitor (device, or device + firmware) and SHA-256 of each capture.

    Returns:
        Warning by path, for the captures that have one.
    """
    twins: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for path, scene, competitor, sha256 in rows:
        twins[sha256].append((path, scene, competitor))
    warnings: dict[str, str] = {}
    for group in twins.values():
        group.sort(key=lambda row: natural_path(row[0]))
        for path, *cell in group:
            here = [row[0] for row in group if list(row[1:]) == cell]
            elsewhere = [row[0] for row in group if list(row[1:]) != cell]
            text = "; ".join((*_twice_here(path, here), *_twice_elsewhere(elsewhere)))
            if text:
                warnings[path] = text
    return warnings


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


def _twice_here(path: str, here: list[str]) -> tuple[str, ...]:
    """Within a cell equal files count once: the first in natural order."""
    if len(here) == 1:
        return ()
    if path == here[0]:
        return (f"same content as {_listed(here[1:])} of the same device, counted once: here",)
    return (f"same content as {here[0]} of the same device, counted there, not here",)


def _twice_elsewhere(elsewhere: list[str]) -> tuple[str, ...]:
    if not elsewhere:
        return ()
    return (f"same content under another scene, device or firmware: {_listed(elsewhere)}",)


def _listed(paths: list[str]) -> str:
    return paths[0] + (f" and {len(paths) - 1} more" if len(paths) > 1 else "")


def damage_note(result: Scored) -> str | None:
    """The warning on a damaged capture that was scored because the settings ask for it.

    Args:
        result: a score.
    """
    damage = result.facts.damage
    return f"damaged, scored all the same: {damage}" if damage else None


def with_warnings(
    results: Sequence[Scored | Failed], competitors: Sequence[str]
) -> list[Scored | Failed]:
    """Notes on the captures what looks like a mix-up of folders or files, and what is damaged.

    Args:
        results: what became of the captures.
        competitors: whom each of them counts for: equal files count once for one of these.
    """
    read = [result for result in results if isinstance(result, Scored)]
    mixed = mixups(
        (r.capture.path, r.capture.device, r.facts.exif.make, r.facts.exif.model) for r in read
    )
    twice = duplicates(
        (result.capture.path, result.capture.scene, competitor, result.facts.sha256)
        for result, competitor in zip(results, competitors, strict=True)
        if isinstance(result, Scored)
    )
    damaged = {r.capture.path: note for r in read if (note := damage_note(r))}
    noted: list[Scored | Failed] = []
    for result in results:
        path = result.capture.path
        notes = [table[path] for table in (mixed, twice, damaged) if path in table]
        if notes and isinstance(result, Scored):
            noted.append(replace(result, warning="; ".join(notes)))
        else:
            noted.append(result)
    return noted


def warning_lines(results: Sequence[Scored | Failed]) -> tuple[str, ...]:
    """Each warning once, with the file that it is about, in the order met."""
    paths: dict[str, list[str]] = {}
    for result in results:
        if isinstance(result, Scored) and result.warning:
            paths.setdefault(result.warning, []).append(result.capture.path)
    return tuple(f"{_named(files)}: {warning}" for warning, files in paths.items())


def _named(paths: Sequence[str]) -> str:
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"
