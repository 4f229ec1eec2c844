"""Matches scores with ratings: by path, else by file name where that is unique."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from piqa_cli.errors import PiqaError
from piqa_cli.evaluate.listing import Entry, Listing

Likeness = tuple[int, bool, bool]


@dataclass(frozen=True, slots=True)
class Match:
    """Matched scores and ratings, and what is left over.

    Attributes:
        pairs: (score, rating) in the order of the scores.
        n_by_path, n_by_name: how the pairs were found.
        lone_scores, lone_truths: what found no partner.
    """

    pairs: tuple[tuple[Entry, Entry], ...]
    n_by_path: int
    n_by_name: int
    lone_scores: tuple[Entry, ...]
    lone_truths: tuple[Entry, ...]


def match(scores: Listing, truths: Listing) -> Match:
    """Pairs every score with its rating.

    First by equal path. What is left is paired by file name, case ignored (PIQ23 has `.jpg`,
    `.JPG` and `.jpeg`). A name that several photographs share is resolved by the folders above
    it, then by scene and device; if that isn't enough, it is an error, never a guess.

    Raises:
        PiqaError: nothing matches, a path stands twice in one table, or a name is ambiguous.
    """
    truth_at = _by_path(truths)
    score_at = _by_path(scores)
    partner = {path: truth_at[path] for path in score_at if path in truth_at}
    n_by_path = len(partner)
    taken_names = {_name(path) for path in partner}
    left_scores = [e for e in scores.entries if e.path not in partner]
    left_truths = [e for e in truths.entries if e.path not in partner]
    groups = _groups(left_truths)
    for name, own in _groups(left_scores).items():
        if name in groups:
            partner |= _pair_group(own, groups[name], is_shared=name in taken_names)
    if not partner:
        raise PiqaError(_nothing(scores, truths))
    found = {entry.path for entry in partner.values()}
    return Match(
        pairs=tuple((e, partner[e.path]) for e in scores.entries if e.path in partner),
        n_by_path=n_by_path,
        n_by_name=len(partner) - n_by_path,
        lone_scores=tuple(e for e in scores.entries if e.path not in partner),
        lone_truths=tuple(e for e in truths.entries if e.path not in found),
    )


def _by_path(listing: Listing) -> dict[str, Entry]:
    known: dict[str, Entry] = {}
    for entry in listing.entries:
        if entry.path in known:
            raise PiqaError(
                f"{listing.source}, {entry.place}: {entry.path} stands already in "
                f"{known[entry.path].place}; keep one"
            )
        known[entry.path] = entry
    return known


def _groups(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[_name(entry.path)].append(entry)
    return groups


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1].casefold()


def _pair_group(
    scores: Sequence[Entry], truths: Sequence[Entry], *, is_shared: bool
) -> dict[str, Entry]:
    """Pairs within one file name, the most alike first.

    Args:
        scores: with that name, not yet paired.
        truths: with that name, not yet paired.
        is_shared: another photograph of that name was paired by path, so the name isn't enough.
    """
    if len(scores) == len(truths) == 1 and not is_shared:
        return {scores[0].path: truths[0]}
    alike: defaultdict[Likeness, list[tuple[Entry, Entry]]] = defaultdict(list)
    for score in scores:
        for truth in truths:
            alike[_likeness(score, truth)].append((score, truth))
    paired: dict[str, Entry] = {}
    used: set[str] = set()
    for likeness in sorted(alike, reverse=True):
        free = [(s, t) for s, t in alike[likeness] if s.path not in paired and t.path not in used]
        if likeness == (1, False, False):
            if free and not is_shared and not paired:
                raise _ambiguous(free)
            break
        _refuse_doubles(free)
        paired |= {score.path: truth for score, truth in free}
        used |= {truth.path for _, truth in free}
    return paired


def _likeness(score: Entry, truth: Entry) -> Likeness:
    """Number of last path parts that agree, and True or False for scene and device."""
    ours, theirs = score.path.casefold().split("/"), truth.path.casefold().split("/")
    same = 0
    for one, other in zip(reversed(ours), reversed(theirs), strict=False):
        if one != other:
            break
        same += 1
    return (
        same,
        score.scene is not None and score.scene == truth.scene,
        score.device is not None and score.device == truth.device,
    )


def _refuse_doubles(pairs: Sequence[tuple[Entry, Entry]]) -> None:
    """Raises where one side has two partners that are equally alike."""
    for side in (0, 1):
        for path, count in Counter(pair[side].path for pair in pairs).items():
            if count > 1:
                raise _ambiguous([pair for pair in pairs if pair[side].path == path])


def _ambiguous(pairs: Sequence[tuple[Entry, Entry]]) -> PiqaError:
    scores = list(dict.fromkeys(score.path for score, _ in pairs))[:2]
    truths = list(dict.fromkeys(truth.path for _, truth in pairs))[:2]
    return PiqaError(
        f"ambiguous file name: score {' or '.join(scores)} against truth {' or '.join(truths)}; "
        "give the truth paths as the scores have them"
    )


def _nothing(scores: Listing, truths: Listing) -> str:
    ours = ", ".join(entry.path for entry in scores.entries[:2])
    theirs = ", ".join(entry.path for entry in truths.entries[:2])
    return (
        f"no score matches a row of {truths.source}: scores are named like {ours}, "
        f"truth like {theirs}; paths or file names must agree"
    )
