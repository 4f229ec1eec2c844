"""Shares of damage that may pass unseen (docs/damage.md): lower these, don't raise them."""

from __future__ import annotations

from collections import Counter

from tests.fuzz.judging import judge, plan
from tests.fuzz.pictures import wholes

MOST_UNSEEN = {
    "jpeg": 0.08,
    "png": 0.02,
    "tiff": 0.1,
    "tiff plain": 0.5,
    "tiff lzw": 0.2,
    "webp": 0.03,
    "webp lossless": 0.25,
    "heic": 0.04,
    "avif": 0.03,
}
"""Share of mutants whose pixels changed and that were read, by format or variant of it."""

_ALLOWED = {"refused", "same", "near", "died"}


def broken_rules(format_name: str, *, count: int, seed: int = 1) -> list[str]:
    """Judges mutants of a format; one line for each rule that is broken.

    A decoder that dies costs its mutant alone, as it costs a run one capture: that is allowed.
    """
    lines, unseen, total = [], Counter[str](), Counter[str]()
    for verdict in judge(plan(wholes(format_name), count, seed)):
        group = verdict.whole if verdict.whole in MOST_UNSEEN else format_name
        total[group] += 1
        if verdict.word == "changed":
            unseen[group] += 1
        elif verdict.word not in _ALLOWED:
            lines.append(f"{verdict.word}: {verdict}")
    for group, number in unseen.items():
        if number > MOST_UNSEEN[group] * total[group]:
            lines.append(f"{group}: {number} of {total[group]} mutants were read as whole")
    return lines
