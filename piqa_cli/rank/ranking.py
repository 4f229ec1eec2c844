"""All ranks of a run from its scored captures: within scenes, overall, in pairs."""

from __future__ import annotations

from collections.abc import Sequence

from piqa_cli.rank.cells import gather
from piqa_cli.rank.fault_profile import fault_effects
from piqa_cli.rank.league import leagues_of
from piqa_cli.rank.overall import device_ranks
from piqa_cli.rank.pairs import pair_ranks
from piqa_cli.rank.records import Rules, ScoredCapture
from piqa_cli.rank.scene import scene_ranks
from piqa_cli.records import Ranking
from piqa_cli.settings import By


def rank_captures(
    captures: Sequence[ScoredCapture], *, by: By | None = None, rules: Rules | None = None
) -> Ranking:
    """Ranks scored captures; needs no pictures, so scores may come from anywhere.

    Args:
        captures: all of a run, in a fixed order.
        by: the competitor; None: device + firmware where any firmware is known.
        rules: of ties, JOD and the reference; None: the defaults, without a JOD scale.

    Raises:
        ValueError: a score is not finite.
    """
    if not captures:
        return Ranking()
    rules = rules or Rules()
    cells = gather(captures, by)
    found = tuple(leagues_of(cells, rules))
    return Ranking(
        scenes=tuple(scene_ranks(cells, rules)),
        devices=tuple(device_ranks(found, rules)),
        pairs=tuple(pair_ranks(found, rules)),
        faults=tuple(fault_effects(captures, found, by)),
    )
