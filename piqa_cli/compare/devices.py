"""Pairs devices of BASE with devices of NEW: by name, by firmware, or by `--map`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from piqa_cli.compare.records import Subject
from piqa_cli.errors import PiqaError, UsageError
from piqa_cli.natural import natural
from piqa_cli.records import Competitor
from piqa_cli.records.capture_row import TriedRow

Link = tuple[Competitor | None, Competitor | None]
"""(in BASE, in NEW)."""


@dataclass(frozen=True, slots=True)
class Roster:
    """The devices of a comparison.

    Attributes:
        subjects: in natural order of their labels.
        of_base, of_new: which subject a row of the captures tables belongs to.
        notes: what a reader must know of them.
    """

    subjects: tuple[Subject, ...]
    of_base: dict[Competitor, Subject]
    of_new: dict[Competitor, Subject]
    notes: tuple[str, ...]


def key_of(row: TriedRow) -> Competitor:
    """Device and firmware that took a row's capture."""
    return Competitor(row.device, row.firmware)


def pair_devices(
    base: Iterable[TriedRow], new: Iterable[TriedRow], maps: Sequence[str] = ()
) -> Roster:
    """Pairs the devices of two runs.

    A device is compared with the device of the same name, whatever firmware each run has of it:
    that is what a comparison is for. Where a run holds several firmwares of a device, they would
    be mixed, so each is compared with the same firmware of the other run.

    Args:
        base: rows of BASE's captures table, skipped files aside.
        new: those of NEW.
        maps: `old=new` for devices of other names; either may be a device or `device firmware`.

    Raises:
        UsageError: a map that can't be read, or a device that stands in two.
        PiqaError: a name that the run doesn't have.
    """
    ours, theirs = (tuple(dict.fromkeys(map(key_of, rows))) for rows in (base, new))
    links: list[Link] = []
    for text in maps:
        links += _mapped(text, ours, theirs)
    _refuse_doubles(links)
    notes: list[str] = []
    taken_ours, taken_theirs = {link[0] for link in links}, {link[1] for link in links}
    left_ours = [key for key in ours if key not in taken_ours]
    left_theirs = [key for key in theirs if key not in taken_theirs]
    for device in dict.fromkeys(key[0] for key in (*left_ours, *left_theirs)):
        one = [key for key in left_ours if key[0] == device]
        other = [key for key in left_theirs if key[0] == device]
        links += _paired(one, other)
        if one and other and max(len(one), len(other)) > 1:
            notes.append(_several(one, other))
    return _roster(links, tuple(notes))


def _paired(one: Sequence[Competitor], other: Sequence[Competitor]) -> list[Link]:
    """Links of one device: alone with alone, else by equal firmware."""
    if len(one) == len(other) == 1:
        return [(one[0], other[0])]
    there = {who.firmware: who for who in other}
    links: list[Link] = [(key, there.pop(key[1], None)) for key in one]
    return [*links, *((None, key) for key in there.values())]


def _several(one: Sequence[Competitor], other: Sequence[Competitor]) -> str:
    run, keys = ("BASE", one) if len(one) > 1 else ("NEW", other)
    names = [str(key[1] or "unknown") for key in sorted(keys, key=_order)]
    return (
        f"{run} holds several firmwares of {keys[0][0]} ({', '.join(names)}): each is compared "
        "with itself; --map 'DEVICE OLD=DEVICE NEW' compares one with another"
    )


def _mapped(text: str, ours: Sequence[Competitor], theirs: Sequence[Competitor]) -> list[Link]:
    """The links of one `old=new`; either name may hold `=` itself."""
    cuts = [place for place, letter in enumerate(text) if letter == "="]
    sides = [(text[:cut].strip(), text[cut + 1 :].strip()) for cut in cuts]
    sides = [(old, new) for old, new in sides if old and new]
    if not sides:
        raise UsageError(f"--map {text!r}: write --map OLD=NEW, devices of BASE and of NEW")
    known = [(old, new) for old, new in sides if _find(old, ours) and _find(new, theirs)]
    old, new = (known or sides)[0]
    one, other = _known(old, ours, "BASE"), _known(new, theirs, "NEW")
    links = _paired(one, other)
    if any(None in link for link in links) and not any(None not in link for link in links):
        run, name = ("BASE", old) if len(one) > 1 else ("NEW", new)
        raise PiqaError(
            f"--map {text!r}: {run} holds several firmwares of {name}; name the one that is meant, "
            f"such as '{(one if run == 'BASE' else other)[0].spaced}'"
        )
    return links


def _find(name: str, keys: Sequence[Competitor]) -> list[Competitor]:
    """The keys that a name means: a device with all its firmwares, or one of them."""
    device = [key for key in keys if key[0] == name]
    return device or [key for key in keys if name in (key.spaced, key.label)]


def _known(name: str, keys: Sequence[Competitor], run: str) -> list[Competitor]:
    found = _find(name, keys)
    if found:
        return found
    names = sorted({key[0] for key in keys} | {key.spaced for key in keys}, key=natural)
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    folded = [other for other in names if other.casefold() == name.casefold()]
    hint = f"did you mean {(folded or near)[0]!r}?" if folded or near else f"it has {_few(names)}"
    raise PiqaError(f"--map: {run} has no device {name!r}; {hint}")


def _few(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:5])) + (" ..." if len(names) > 5 else "")


def _refuse_doubles(links: Sequence[Link]) -> None:
    for side, run in enumerate(("BASE", "NEW")):
        for key, count in Counter(link[side] for link in links if link[side]).items():
            if key and count > 1:
                raise UsageError(f"--map names {key.spaced} of {run} twice: give it once")


def _order(key: Competitor) -> tuple[object, object]:
    return natural(key[0]), natural(key[1] or "")


def _roster(links: Sequence[Link], notes: tuple[str, ...]) -> Roster:
    alone = Counter(_name(link) for link in links)
    pairs = [(link, _subject(link, split=alone[_name(link)] > 1)) for link in links]
    pairs.sort(key=lambda pair: natural(pair[1].label))
    return Roster(
        subjects=tuple(subject for _, subject in pairs),
        of_base={link[0]: subject for link, subject in pairs if link[0]},
        of_new={link[1]: subject for link, subject in pairs if link[1]},
        notes=notes,
    )


def _name(link: Link) -> str:
    """The device without firmware; both names where it was renamed."""
    names = dict.fromkeys(key[0] for key in link if key)
    return " → ".join(names)


def _subject(link: Link, *, split: bool) -> Subject:
    base, new = link
    firmwares = dict.fromkeys(key[1] or "unknown" for key in link if key)
    label = _name(link)
    return Subject(
        device=new[0] if new else None,
        firmware=new[1] if new else None,
        base_device=base[0] if base else None,
        base_firmware=base[1] if base else None,
        label=f"{label} · {' → '.join(firmwares)}" if split else label,
    )
