"""Cuts captures into shards: whole scenes, because their captures are looked at together."""

from __future__ import annotations

import hashlib
import heapq
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from piqa_cli.errors import UsageError
from piqa_cli.records import Capture


@dataclass(frozen=True, slots=True)
class Shard:
    """One of the shards of a run: `number` counts from 1 to `of`."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def parse_shard(text: str) -> Shard:
    """Reads `3/16`.

    Raises:
        UsageError: it is something else, or there is no such shard.

    >>> parse_shard("3/16")
    Shard(number=3, of=16)
    """
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise UsageError(f"--shard {text!r}: give its number and how many there are, such as 3/16")
    return Shard(int(number), int(of))


def places_of(shard: Shard, captures: Sequence[Capture]) -> list[int]:
    """Places of a shard's captures among all of them, in order.

    The largest scene goes first, each to the shard with the fewest captures so far: the same cut
    on every machine that finds the same captures. A shard may be empty.

    Args:
        shard: which one.
        captures: all captures of the run.
    """
    sizes = Counter(capture.scene for capture in captures)  # in the order of the captures
    filled = [(0, number) for number in range(1, shard.of + 1)]
    mine = set()
    for scene, size in sorted(sizes.items(), key=lambda item: -item[1]):
        count, number = filled[0]
        heapq.heapreplace(filled, (count + size, number))
        if number == shard.number:
            mine.add(scene)
    return [place for place, capture in enumerate(captures) if capture.scene in mine]


def digest(captures: Sequence[Capture]) -> str:
    """SHA-256 of a list of captures: names, scenes, devices, given faces; not of their files."""
    total = hashlib.sha256()
    for capture in captures:
        facts = asdict(capture)
        del facts["file"]  # other machines may find the folder elsewhere
        total.update(json.dumps(facts, sort_keys=True).encode())
    return total.hexdigest()
