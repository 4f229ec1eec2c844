"""The page of pairs: those that are tested as a table, any two by choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from piqa_cli.records import PairRank
from piqa_cli.report.large import PAIRS_SHOWN, is_large
from piqa_cli.report.pairs.script_data import PAIRS_AT_MOST, pair_data
from piqa_cli.report.pairs.table import PairTable, overall_pairs, pair_table, tested_family
from piqa_cli.report.site import CompetitorPage, Site
from piqa_cli.report.source_wording import PREFERENCE


@dataclass(frozen=True, slots=True)
class PairsView:
    """Everything that the page shows.

    Attributes:
        n_pairs: pairs over all scenes, tested or not.
        family: what is tested: `reference` or `neighbours`; None: there are no pairs.
        reference: device that gaps are against; None: there is none.
        tables: the tested pairs, league by league.
        n_tested: p-values among them.
        choices: the devices of which two can be chosen.
        data: what the script needs for that; None: there are too many pairs.
        preferred: how the preference is called; None: there is none.
        unsaid: whether pairs by condition are too many for the page.
    """

    n_pairs: int
    family: str | None
    reference: CompetitorPage | None
    tables: tuple[PairTable, ...]
    n_tested: int
    choices: tuple[CompetitorPage, ...]
    data: dict[str, Any] | None
    preferred: str | None
    unsaid: bool


def pairs_view(site: Site) -> PairsView:
    """Builds the content of the page of pairs."""
    overall = list(overall_pairs(site))
    tested = [row for row in overall if row.family]
    family = tested_family(site)
    has_jod = any(row.preference is not None for row in overall)
    rows = site.run.tables.pairs
    reference = _reference(site) if family == "reference" else None
    # With a reference, lines are about the other devices, as gaps to it are.
    last = reference.who if reference else None
    return PairsView(
        n_pairs=len(overall),
        family=family,
        reference=reference,
        tables=tuple(pair_table(site, group, last=last) for group in _leagues(tested)),
        n_tested=sum(row.p_value is not None for row in tested),
        choices=tuple(site.competitors.values()),
        data=None if is_large(site) and len(overall) > PAIRS_SHOWN else pair_data(site),
        preferred=PREFERENCE[site.scored_by] if has_jod else None,
        unsaid=len(rows) > PAIRS_AT_MOST and len(rows) > len(overall),
    )


def _reference(site: Site) -> CompetitorPage | None:
    return next((c for c in site.competitors.values() if c.name == site.reference), None)


def _leagues(rows: Sequence[PairRank]) -> list[list[PairRank]]:
    groups: dict[int, list[PairRank]] = {}
    for row in rows:
        groups.setdefault(row.league, []).append(row)
    return list(groups.values())
