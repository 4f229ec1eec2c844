"""What was compared, in sentences for the terminal and the page."""

from __future__ import annotations

from piqa_cli.evaluate.evaluation import Evaluation
from piqa_cli.evaluate.listing import Listing
from piqa_cli.write.wording import counted


def sources(found: Evaluation) -> tuple[str, str]:
    """What the scores and the ratings are, each in a line."""
    model = f", model {found.scores.model}" if found.scores.model else ""
    scores = f"{found.scores.source.name}: {_size(found.scores, 'score')}{model}"
    truth = f"{found.truth.source.name}: {_size(found.truth, 'rating')}"
    return scores, f"{truth}, column {found.truth.column}"


def _size(listing: Listing, noun: str) -> str:
    blank = f" ({counted(listing.n_blank, 'row')} without)" if listing.n_blank else ""
    return f"{counted(len(listing.entries), noun)}{blank}"


def matching(found: Evaluation) -> str:
    """How many photographs were matched, how, and what was left over."""
    m = found.matched
    ways = [
        f"{count:,} by {way}"
        for count, way in ((m.n_by_path, "path"), (m.n_by_name, "file name"))
        if count
    ]
    left = [
        f"{counted(len(entries), noun)} without partner (like {entries[0].path})"
        for entries, noun in ((m.lone_scores, "score"), (m.lone_truths, "rating"))
        if entries
    ]
    scenes = counted(len(found.scenes), "scene")
    return "; ".join([f"{counted(len(m.pairs), 'photo')} in {scenes} ({', '.join(ways)})", *left])
