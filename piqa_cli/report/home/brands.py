"""Brands of devices: the maker in EXIF, else the first word of the device's name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from piqa_cli.records import Competitor
from piqa_cli.report.site import Site

_WORDS = re.compile(r"[\s_\-/]+")


def brands(site: Site) -> dict[Competitor, str]:
    """The brand of every competitor, in one spelling.

    Makers write themselves in several ways (`samsung`, `SAMSUNG`): the most frequent one stands
    for all. Of several makers in one device folder, the most frequent one is meant.
    """
    found = {key: _brand(makes, key[0]) for key, makes in _makes(site).items()}
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for name in found.values():
        spellings[name.casefold()][name] += 1
    return {key: spellings[name.casefold()].most_common(1)[0][0] for key, name in found.items()}


def brand_choices(site: Site, of: dict[Competitor, str]) -> tuple[tuple[str, int], ...]:
    """Brands to choose from with their number of devices, the largest first.

    Empty where a choice would be useless: one brand has all devices, or each has one.
    """
    count = Counter(of[key] for key in site.competitors)
    if len(count) < 2 or len(count) == len(site.competitors):
        return ()
    return tuple(sorted(count.items(), key=lambda item: (-item[1], item[0].casefold())))


def _makes(site: Site) -> dict[Competitor, Counter[str]]:
    makes: dict[Competitor, Counter[str]] = {key: Counter() for key in site.competitors}
    for rows in site.captures.values():
        for row in rows:
            if row.exif_make and row.exif_make.strip():
                makes[site.key(row)][row.exif_make.strip()] += 1
    return makes


def _brand(makes: Counter[str], device: str) -> str:
    """Brand by the first word of a maker's name: `OLYMPUS IMAGING CORP.` is Olympus.

    >>> _brand(Counter(), "galaxy-s23"), _brand(Counter({"Apple": 3, "samsung": 1}), "a1")
    ('galaxy', 'Apple')
    """
    name = makes.most_common(1)[0][0] if makes else device
    return next((word for word in _WORDS.split(name) if word), name)
