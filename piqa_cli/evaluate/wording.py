"""Sentences on an evaluation, for the terminal and the page."""

from __future__ import annotations

from collections import defaultdict

from piqa_cli.evaluate.evaluation import Evaluation
from piqa_cli.evaluate.listing import Listing
from piqa_cli.report.source_wording import given_by
from piqa_cli.report.text import counted, listed

_LONGEST_NAME = 40


def sources(found: Evaluation) -> tuple[str, str]:
    """Names the scores and the ratings, each in a line."""
    who = found.scores.model
    model = f", {given_by(who) or f'model {who}'}" if who else ""
    scores = f"{_size(found.scores, 'score')} of {found.scores.source.name}{model}"
    truth = f"{_size(found.truth, 'rating')} of {found.truth.source.name}"
    return scores, f"{truth}, column {found.truth.column}"


def _size(listing: Listing, noun: str) -> str:
    blank = f" ({counted(listing.n_blank, 'more row')} without)" if listing.n_blank else ""
    return f"{counted(len(listing.entries), noun)}{blank}"


def matching(found: Evaluation) -> str:
    """Counts of photographs that were matched, and of those left over."""
    m = found.matched
    ways = [
        f"{count:,} by {way}"
        for count, way in ((m.n_by_path, "path"), (m.n_by_name, "file name"))
        if count
    ]
    left = [
        f"{counted(len(entries), noun)} without partner (like {shortened(entries[0].path)})"
        for entries, noun in ((m.lone_scores, "score"), (m.lone_truths, "rating"))
        if entries
    ]
    scenes = counted(len(found.scenes), "scene")
    return "; ".join([f"{counted(len(m.pairs), 'photo')} in {scenes} ({', '.join(ways)})", *left])


def shortened(name: str) -> str:
    r"""A name that keeps its place in a line: no control characters, at most 40 characters.

    >>> shortened("Bar\x1b[2J"), shortened("x" * 50)[-3:]
    ('Bar�[2J', 'xx…')
    """
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[: _LONGEST_NAME - 1]}…"


def notes(found: Evaluation) -> list[str]:
    """Notes for the reader: how scenes were found, and what is missing where and why."""
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for scene in found.scenes:
        if scene.note:
            reasons[scene.note].append(shortened(scene.scene))
    few = found.devices.n_unranked if found.devices else 0
    unranked = [
        f"{counted(few, 'device')} with too few scenes for a rank: in no figure on devices"
    ] * bool(few)
    return [*found.notes, *unranked] + [
        f"{reason} in {len(names)} of {counted(len(found.scenes), 'scene')} ({listed(names)})"
        for reason, names in reasons.items()
    ]
