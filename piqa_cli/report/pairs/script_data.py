"""Data for the script of the pair page: all pairs of the pairs table, and the scenes.

Numbers that stand in the pairs table are given as they are shown, in hundredths, so the script
only puts them in place; within scenes it has the full scores of scene_ranks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from piqa_cli.faults import FAULTS
from piqa_cli.records import Competitor, PairRank
from piqa_cli.report.fault_profile import profiles
from piqa_cli.report.pairs.endings import (
    KINDS,
    SENTENCES,
    SHORT,
    UNTESTED,
    pair_kind,
    tie_limit,
    tie_text,
)
from piqa_cli.report.pairs.table import key_a, key_b, p_text, tested_family
from piqa_cli.report.scene_gaps import SceneGaps, scene_gaps
from piqa_cli.report.site import Site
from piqa_cli.report.source_wording import PREFERENCE
from piqa_cli.report.text import rank_range

PAIRS_AT_MOST = 40_000  # rows, some 25 bytes each: beyond it the page has no pairs by condition

PairCell = list[int | str | None]
"""n_scenes, difference, low, high (hundredths), wins, ties, losses, preference (percent), kind;
then the note, p and p by Holm where the pair was tested or something is missing."""


def pair_data(site: Site) -> dict[str, Any]:
    """All pairs of the run, small enough to stand in a page.

    Returns:
        `devices`: slug, label, ranks, league (both None: no score) and page, in the order of
        pages; `pairs`: for every one of `conditions` (empty text: all scenes) and every device
        its pairs with those that it is the better of, by their place in `devices`; `scenes`:
        title, page, condition, and by device the score and the number of captures (0: none);
        `faults`: words, and by device what each costs it against the mean device, in hundredths
        (None: not known); None for models that know no faults.
    """
    places = {key: place for place, key in enumerate(site.competitors)}
    found = scene_gaps(site)
    noise = next((scene.noise for scene in found.values()), None)
    conditions = _conditions(site)
    return {
        "unit": site.unit,
        "tie": tie_limit(site),
        "preferred": PREFERENCE[site.scored_by].lower(),
        "untested": UNTESTED[tested_family(site)],
        "rival": _rival(site, places),
        "tie_text": tie_text(site),
        "noise": noise,
        "kinds": KINDS,
        "sentences": SENTENCES,
        "short": [SHORT[kind] for kind in KINDS],
        "devices": _devices(site),
        "faults": _faults(site),
        "conditions": conditions,
        "pairs": [_pairs(site, places, condition or None) for condition in conditions],
        "scenes": [_scene(scene, list(places)) for scene in found.values()],
    }


def _faults(site: Site) -> dict[str, Any] | None:
    found = profiles(site)
    costs = [found.get((None, key)) for key in site.competitors]
    if not any(costs):
        return None
    return {
        "words": [fault.words for fault in FAULTS],
        "costs": [
            own and [hundredths({row.fault: row.cost for row in own}.get(f.name)) for f in FAULTS]
            for own in costs
        ],
    }


def _rival(site: Site, places: dict[Competitor, int]) -> int | None:
    """The place of the reference; None: there is none."""
    own = [places[key] for key, c in site.competitors.items() if c.name == site.reference]
    return own[0] if own else None


def _conditions(site: Site) -> list[str]:
    """Conditions whose pairs the page has; empty text: all scenes together."""
    rows = site.run.tables.pairs
    known = list(dict.fromkeys(row.condition for row in rows if row.condition is not None))
    one = len({scene.condition for scene in site.scenes.values()}) == 1
    return [""] if one or len(rows) > PAIRS_AT_MOST else ["", *known]


def _devices(site: Site) -> list[list[Any]]:
    ranks = {site.key(row): row for row in site.overall()}
    return [
        [
            competitor.slug,
            competitor.label,
            rank_range(rank.rank_low, rank.rank_high) if rank else None,
            rank.league if rank else None,
            competitor.href,
        ]
        for competitor, rank in ((c, ranks.get(key)) for key, c in site.competitors.items())
    ]


def _pairs(
    site: Site, places: dict[Competitor, int], condition: str | None
) -> list[dict[int, PairCell]]:
    found: list[dict[int, PairCell]] = [{} for _ in places]
    for row in site.run.tables.pairs:
        if row.condition == condition:
            a, b = places[key_a(site, row)], places[key_b(site, row)]
            found[a][b] = _cell(site, row)
    return found


def _cell(site: Site, row: PairRank) -> PairCell:
    kind = KINDS.index(pair_kind(row, site.tie))
    share = row.preference
    cell: PairCell = [
        row.n_scenes,
        *(hundredths(getattr(row, name)) for name in ("difference", "ci_low", "ci_high")),
        row.wins,
        row.ties,
        row.losses,
        None if share is None else int(f"{100 * share:.0f}"),
        kind,
    ]
    if row.note or row.family:
        cell.append(row.note or "")
    if row.p_value is not None:
        cell += [p_text(row.p_value), p_text(row.p_holm)]
    return cell


def hundredths(value: float | None) -> int | None:
    """A number as pages round it, times 100.

    >>> hundredths(-0.125), hundredths(2.675)
    (-12, 267)
    """
    return None if value is None else int(f"{value:.2f}".replace(".", ""))


def _scene(found: SceneGaps, keys: Sequence[Competitor]) -> list[Any]:
    rows = [found.rows.get(key) for key in keys]
    return [
        found.scene.title,
        found.scene.href,
        found.scene.condition or "",
        [row.score if row else None for row in rows],
        [row.n_captures if row else 0 for row in rows],
    ]
