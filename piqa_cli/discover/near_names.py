"""Finds names that are most likely one device written in several ways, and what that costs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from piqa_cli.discover.aliases import Aliases
from piqa_cli.discover.names import has_letters, spelling, tidy
from piqa_cli.natural import natural
from piqa_cli.records import Competitor
from piqa_cli.records.device_names import DeviceName
from piqa_cli.settings import By

ADVICE = "`piqa-cli names` proposes a [devices] table that joins them"
_SHOWN = 3  # devices that a warning names


class Photographed(Protocol):
    """A capture: its device and firmware, in its scene."""

    @property
    def scene(self) -> str:
        """The scene."""

    @property
    def device(self) -> str:
        """The device."""

    @property
    def firmware(self) -> str | None:
        """Its firmware, where known."""


def near_names(
    counts: Mapping[Competitor, int], known: Iterable[DeviceName] = ()
) -> tuple[DeviceName, ...]:
    """Devices written in several ways, then firmwares written in several ways.

    The name is the one that `known` has, else the most frequent one, else the best written one.
    Names that `known` lists as two devices stay two.

    Args:
        counts: captures of every device and firmware.
        known: entries of `[devices]`, already applied.
    """
    names = frozenset(entry.name for entry in known)
    by_device: Counter[str] = Counter()
    for who, count in counts.items():
        by_device[who.device] += count
    devices = tuple(_joined(_groups(by_device), by_device, names))
    aliases = Aliases.of(devices)
    builds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for who, count in counts.items():
        if who.firmware is not None and has_letters(who.device) and has_letters(who.firmware):
            builds[aliases.canonical(who.device).device][who.firmware] += count
    return (
        *devices,
        *(
            DeviceName(f"{device}@{found.name}", tuple(f"{device}@{a}" for a in found.aliases))
            for device in sorted(builds, key=natural)
            for found in _joined(
                _same(builds[device]).values(), builds[device], _firmwares(names, device)
            )
        ),
    )


def _firmwares(names: Iterable[str], device: str) -> frozenset[str]:
    own = f"{device}@"
    return frozenset(name.removeprefix(own) for name in names if name.startswith(own))


def _joined(
    groups: Iterable[Sequence[str]], counts: Mapping[str, int], names: Collection[str]
) -> list[DeviceName]:
    """Groups of several names as entries, in natural order of the names that are to hold."""
    found = []
    for group in groups:
        own = [name for name in group if name in names]
        if len(group) == 1 or len(own) > 1:
            continue
        ordered = sorted(group, key=lambda name: _merit(name, counts[name], name in own))
        best = tidy(ordered[0]) or ordered[0]
        rest = sorted({name for name in group if name != best}, key=natural)
        found.append(DeviceName(best, tuple(rest)))
    return sorted(found, key=lambda entry: natural(entry.name))


def _same(names: Iterable[str]) -> dict[str, list[str]]:
    """Names by their spelling, in natural order."""
    same: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=natural):
        same[spelling(name).key].append(name)
    return same


def _groups(names: Iterable[str]) -> list[list[str]]:
    """Names of devices by their spelling.

    A compact name goes with the one of which it lost a gap between two numbers (GalaxyS215G with
    Galaxy S21 5G) where that one lost other gaps, too, and no other name could be meant.
    """
    same = _same(names)
    loose: defaultdict[str, list[str]] = defaultdict(list)
    for key, group in same.items():
        loose[spelling(group[0]).loose].append(key)
    for keys in loose.values():
        if len(keys) == 2:
            compact, spaced = sorted(keys, key=lambda key: " " in key)
            if all(spelling(name).is_compact for name in same[compact]) and any(
                spelling(name).has_words for name in same[spaced]
            ):
                same[spaced] += same.pop(compact)
    return list(same.values())


def _merit(name: str, count: int, is_known: bool) -> tuple[object, ...]:
    """Sorts the best name first: known, frequent, without odd blanks, in words, with capitals."""
    words = tidy(name).split()
    plain_blanks = tidy(name) == name
    return (
        not is_known,
        -count,
        not plain_blanks,
        -len(words),
        -sum(char.isupper() for char in name),
        natural(name),
        name,
    )


def plus_names(counts: Mapping[str, int]) -> tuple[DeviceName, ...]:
    """Names that are equal where `+` stands for Plus: perhaps one phone, perhaps two.

    Args:
        counts: captures of every device, names of one spelling already joined.
    """
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in counts:
        groups[spelling(name).key.replace("+", "plus")].append(name)
    found = []
    for group in groups.values():
        best, *rest = sorted(group, key=lambda name: _merit(name, counts[name], False))
        if rest:
            found.append(DeviceName(best, tuple(sorted(rest, key=natural))))
    return tuple(sorted(found, key=lambda entry: natural(entry.name)))


def several_ways(found: Sequence[DeviceName]) -> str:
    """The first few devices and their spellings in one phrase; characters that hide are escaped.

    >>> several_ways([DeviceName("Pixel 8", ("pixel 8",))])
    "'Pixel 8' is also written 'pixel 8'"
    """
    named = [
        f"{entry.name!r} is also written {' and '.join(map(repr, entry.aliases))}"
        for entry in found[:_SHOWN]
    ]
    more = [f"and {len(found) - _SHOWN} more likewise"] if len(found) > _SHOWN else []
    return ", ".join((*named, *more))


def ranking_warning(
    captures: Iterable[Photographed],
    known: Sequence[DeviceName] = (),
    *,
    by: By | None = None,
    counted: Iterable[Photographed] | None = None,
) -> tuple[str, ...]:
    """Warning that one device is ranked as several, with what joining its names would change.

    Args:
        captures: all of a run, `[devices]` applied.
        known: entries of `[devices]`.
        by: the competitor; None: device + firmware where any firmware is known.
        counted: the captures that link devices by their scenes; None: all.
    """
    everything = list(captures)
    named = Counter((capture.device, capture.firmware) for capture in everything)
    counts: Counter[Competitor] = Counter()
    for (device, firmware), n in named.items():
        counts[Competitor(device, None if by == "device" else firmware)] += n
    found = near_names(counts, known)
    if not found:
        return ()
    linked = everything if counted is None else list(counted)
    before, after = leagues_joined([(_rival(c, by), c.scene) for c in linked], found)
    leagues = f"; written in one way, {before} groups that share no scene would be {_few(after)}"
    return (
        f"{several_ways(found)}: ranked as different devices"
        f"{leagues if after < before else ''}; {ADVICE}",
    )


def _rival(capture: Photographed, by: By | None) -> Competitor:
    return Competitor(capture.device, None if by == "device" else capture.firmware)


def _few(count: int) -> str:
    return "one" if count == 1 else str(count)


def leagues_joined(
    cells: Sequence[tuple[Competitor, str]], entries: Sequence[DeviceName]
) -> tuple[int, int]:
    """Number of leagues as devices are named now, and with entries of `[devices]`.

    Args:
        cells: competitor and scene of every capture.
        entries: that join names.
    """
    aliases = Aliases.of(entries)
    return _leagues(cells), _leagues([(aliases.canonical(*who), scene) for who, scene in cells])


def _leagues(cells: Iterable[tuple[Competitor, str]]) -> int:
    """Number of groups of competitors that chains of shared scenes link."""
    above: dict[object, object] = {}

    def root(node: object) -> object:
        while above.setdefault(node, node) != node:
            above[node] = node = above[above[node]]
        return node

    for who, scene in dict.fromkeys(cells):
        above[root(("device", who))] = root(("scene", scene))
    return sum(node == top for node, top in above.items())


@dataclass(frozen=True, slots=True)
class Proposal:
    """A table `[devices]` that joins the spellings of each device.

    Attributes:
        devices: the whole table: what was known, and what is new.
        joined: the entries that are new or have new aliases.
        perhaps: devices that are one if `+` stands for Plus; in no table.
        n_names: names of devices as they are now, known aliases joined.
        n_leagues, n_leagues_joined: leagues now and with the table, of all places together;
            scenes of two places are two scenes.
    """

    devices: tuple[DeviceName, ...]
    joined: tuple[DeviceName, ...]
    perhaps: tuple[DeviceName, ...]
    n_names: int
    n_leagues: int
    n_leagues_joined: int


def propose(places: Sequence[Sequence[Photographed]], known: Sequence[DeviceName] = ()) -> Proposal:
    """Proposes the table that joins the spellings of each device.

    Args:
        places: captures of every folder, list or run.
        known: entries of `[devices]`.
    """
    now = Aliases.of(known)
    cells = [
        (now.canonical(capture.device, capture.firmware), f"{number} {capture.scene}")
        for number, place in enumerate(places)
        for capture in place
    ]
    counts = Counter(who for who, _ in cells)
    joined = near_names(counts, known)
    table = _merged(known, joined)
    after = Aliases.of(table)
    devices: Counter[str] = Counter()
    for who, count in counts.items():
        devices[after.canonical(*who).device] += count
    before, then = leagues_joined(cells, table)
    return Proposal(
        devices=table,
        joined=joined,
        perhaps=plus_names(devices),
        n_names=len({who.device for who in counts}),
        n_leagues=before,
        n_leagues_joined=then,
    )


def _merged(known: Sequence[DeviceName], new: Sequence[DeviceName]) -> tuple[DeviceName, ...]:
    """Entries of both; new aliases of a known name come after its own."""
    table = {entry.name: entry.aliases for entry in known}
    for entry in new:
        own = table.get(entry.name, ())
        table[entry.name] = (*own, *(alias for alias in entry.aliases if alias not in own))
    return tuple(DeviceName(name, aliases) for name, aliases in table.items())
