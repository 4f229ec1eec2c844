"""Brands of devices: the maker in EXIF, else what names of several devices begin with."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from piqa_cli.records import Competitor
from piqa_cli.report.site import Site
from piqa_cli.runs.capture_rows import tally

_GAPS = re.compile(r"[\s_\-/]+")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_FEWEST = 2  # devices of a brand that is offered as a choice


def brands(site: Site) -> dict[Competitor, str]:
    """The brand of every competitor, in one spelling.

    Makers write themselves in several ways (`samsung`, `SAMSUNG`): the most frequent one stands
    for all. Of several makers in one device folder, the most frequent one is meant.
    """
    makes = _makes(site)
    of_names = brands_of_names([key.device for key, met in makes.items() if not met])
    found = {key: _maker(met) if met else of_names[key.device] for key, met in makes.items()}
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for name in found.values():
        spellings[name.casefold()][name] += 1
    return {key: spellings[name.casefold()].most_common(1)[0][0] for key, name in found.items()}


def brand_choices(site: Site, of: Mapping[Competitor, str]) -> tuple[tuple[str, int], ...]:
    """Brands of two or more devices with their number of devices, the largest first.

    Empty where a choice would be useless: fewer than two brands in all, or each has one device. A
    blind report has none: letters share beginnings, too.
    """
    if site.run.info.get("blind"):
        return ()
    count = Counter(of[key] for key in site.competitors)
    several = [item for item in count.items() if item[1] >= _FEWEST]
    if len(count) < 2 or not several:
        return ()
    return tuple(sorted(several, key=lambda item: (-item[1], item[0].casefold())))


def _makes(site: Site) -> dict[Competitor, Counter[str]]:
    makes: dict[Competitor, Counter[str]] = {key: Counter() for key in site.competitors}
    found = tally(site.run.tables.captures, "device", "firmware", "exif_make")
    for (device, firmware, make), n in found.items():
        if make and make.strip():
            makes[site.key_of(device, firmware)][make.strip()] += n
    return makes


def _maker(makes: Counter[str]) -> str:
    """Brand by the first word of a maker's name: `OLYMPUS IMAGING CORP.` is Olympus.

    >>> _maker(Counter({"Apple": 3, "samsung": 1}))
    'Apple'
    """
    name = makes.most_common(1)[0][0]
    return next((word for word in _GAPS.split(name) if word), name)


def brands_of_names(names: Iterable[str]) -> dict[str, str]:
    """The brand of every name: the longest beginning that it shares with the names of its group.

    Words end at blanks, dashes, CamelCase and digits. Names whose first words agree are a group,
    whatever their spelling; a name that shares its first word with no other is a brand by itself.

    >>> brands_of_names(["OnePlus9", "OnePlusNord", "Sony Xperia 1", "SonyA7"])
    {'OnePlus9': 'OnePlus', 'OnePlusNord': 'OnePlus', 'Sony Xperia 1': 'Sony', 'SonyA7': 'Sony'}
    """
    known = list(dict.fromkeys(names))
    firsts = sorted({_words(name)[0].casefold() for name in known}, key=len)
    groups: dict[str, list[str]] = {}
    for name in known:
        plain = _plain(name)
        first = next(first for first in firsts if plain.startswith(first))
        groups.setdefault(first, []).append(name)
    beginnings = {first: _beginning(group, first) for first, group in groups.items()}
    return {name: beginnings[first] for first, group in groups.items() for name in group}


def _words(name: str) -> list[str]:
    return _PARTS.findall(name) or [name]


def _plain(name: str) -> str:
    return "".join(_words(name)).casefold()


def _beginning(group: Sequence[str], first: str) -> str:
    """The longest beginning of a group's names that ends with a word in all of them."""
    if len(group) == 1:
        return _words(group[0])[0]
    shared = len(os.path.commonprefix([_plain(other) for other in group]))  # noqa: RUF071  (of letters)
    ends = set.intersection(*(_ends(other) for other in group))
    length = max((end for end in ends if end <= shared), default=len(first))
    spellings = Counter("".join(_words(other))[:length] for other in group)
    return spellings.most_common(1)[0][0]


def _ends(name: str) -> set[int]:
    """Numbers of characters after which a word of the name ends."""
    lengths = [len(word.casefold()) for word in _words(name)]
    return {sum(lengths[: n + 1]) for n in range(len(lengths))}
