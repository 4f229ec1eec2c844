"""Conclusions on a pair of devices: one sentence for each way a comparison can end.

The sentences are templates, because the pages and the script of the pair page both fill them in.
"""

from __future__ import annotations

from typing import Literal, get_args

from piqa_cli.records import PairRank
from piqa_cli.report.site import Site

PairKind = Literal["clear", "small", "level", "open", "single", "even", "apart"]
KINDS: tuple[PairKind, ...] = get_args(PairKind)
_ROUNDING = 1e-9  # the same as in ranking: a gap of exactly the tie threshold is no tie

SENTENCES: dict[str, str] = {
    "clear": "{winner} is clearly better than {loser}: by {gap} {unit}, 95 % interval {low} to "
    "{high} ({scenes}).",
    "small": "{winner} is ahead of {loser} by {gap} {unit} ({scenes}). The 95 % interval, {low} to "
    "{high}, excludes zero, but gaps below {tie} count as ties.",
    "level": "{a} and {b} are level: the whole 95 % interval of their difference, {low} to {high} "
    "{unit}, lies within a tie of {tie} ({scenes}).",
    "open": "The data can't tell {a} and {b} apart: the 95 % interval of their difference, {low} "
    "to {high} {unit}, includes zero ({scenes}).",
    "single": "{winner} is ahead of {loser} by {gap} {unit} ({scenes}). So few scenes give no "
    "interval, so nothing is clear.",
    "even": "{a} and {b} score the same ({scenes}). So few scenes give no interval, so nothing is "
    "clear.",
    "apart": "{a} and {b} share no scene: only others link them, and nothing compares them "
    "directly.",
    "leagues": "{a} and {b} can't be compared: they are of groups that share no scene.",
    "unscored": "{a} and {b} can't be compared: one of them has no rank.",
    "same": "Choose two different devices.",
}

SHORT: dict[PairKind, str] = {
    "clear": "clearly {side}",
    "small": "{side}, by less than a tie",
    "level": "level",
    "open": "can't be told apart",
    "single": "no interval",
    "even": "no interval",
    "apart": "no shared scene",
}
"""The same in a table; `side` is of the first device: better or worse."""

UNTESTED: dict[str | None, str] = {
    "reference": "no p-value: only pairs with the reference are tested",
    "neighbours": "no p-value: only neighbours in rank are tested",
    None: "no p-value: no pair is tested",
}
"""Reason why a pair outside the tested family has no p-value, by family."""


def pair_kind(row: PairRank, tie: float) -> PairKind:
    """Conclusion of a pair's comparison, as a code.

    Args:
        row: of the pairs table.
        tie: gaps below it are ties, in score units; 0 where that can't be known.
    """
    if row.difference is None:
        return "apart"
    if row.interval is None:
        return "single" if abs(row.difference) > _ROUNDING else "even"
    low, high = row.interval
    if low > 0 or high < 0:
        return "clear" if abs(row.difference) >= tie - _ROUNDING else "small"
    return "level" if -tie < low and high < tie else "open"


def tie_limit(site: Site) -> float:
    """Largest gap within a scene that counts as a tie, as in the pairs table."""
    return max(_ROUNDING, site.tie - _ROUNDING)


def tie_text(site: Site) -> str:
    """The tie threshold in words; a dash where there is none."""
    return "—" if not site.tie or site.tie_jod is None else f"{site.tie_jod:g} JOD"
