"""Agreement of models about one another's rankings, from the order of devices within scenes.

Scores of two models, or of two scenes, share no scale, so only orders are compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from piqa_cli.correlation import is_constant, kendall
from piqa_cli.rank.intervals import t_quantile
from piqa_cli.records import Competitor, DeviceRank, Ranking, SceneRank
from piqa_cli.records.agreement import Agreement

_FEWEST_DEVICES = 2  # fewer have no order


def agreements(rankings: Mapping[str, Ranking]) -> list[Agreement]:
    """The agreement of every pair of models.

    Args:
        rankings: of the same captures, by model, in the order of the run.

    Returns:
        Pair by pair: its mean over scenes, its scenes in their order, then devices by how far
        apart their places are: those first whose ranges of places share none.
    """
    return [
        row
        for a, b in combinations(rankings, 2)
        for row in _of_pair(a, b, rankings[a], rankings[b])
    ]


def _of_pair(a: str, b: str, by_a: Ranking, by_b: Ranking) -> Iterator[Agreement]:
    scenes = _scenes(a, b, by_a.scenes, by_b.scenes)
    yield _mean(a, b, scenes)
    yield from scenes
    yield from sorted(_places(a, b, by_a.devices, by_b.devices), key=_order)


def _scenes(
    a: str, b: str, by_a: Sequence[SceneRank], by_b: Sequence[SceneRank]
) -> list[Agreement]:
    """Kendall's tau-b of the devices' mean scores, scene by scene."""
    first, second = _means(by_a), _means(by_b)
    conditions = {rank.scene: rank.condition for rank in (*by_b, *by_a)}
    names = dict.fromkeys([*first, *second])
    return [
        _scene(a, b, name, conditions[name], first.get(name, {}), second.get(name, {}))
        for name in names
    ]


def _means(ranks: Sequence[SceneRank]) -> dict[str, dict[Competitor, float]]:
    means: dict[str, dict[Competitor, float]] = {}
    for rank in ranks:
        means.setdefault(rank.scene, {})[rank.competitor] = rank.score
    return means


def _scene(
    a: str,
    b: str,
    name: str,
    condition: str | None,
    by_a: Mapping[Competitor, float],
    by_b: Mapping[Competitor, float],
) -> Agreement:
    both = [who for who in by_a if who in by_b]
    x, y = (np.array([means[who] for who in both], dtype=np.float64) for means in (by_a, by_b))
    note = tau = None
    if len(both) < _FEWEST_DEVICES:
        note = f"no order: {len(both)} device{'' if len(both) == 1 else 's'} with scores by both"
    elif is_constant(x) or is_constant(y):
        note = f"no order: all devices tie by {a if is_constant(x) else b}"
    else:
        tau = kendall(x, y)
    return Agreement(
        "scene", a, b, scene=name, condition=condition, n_devices=len(both), tau_b=tau, note=note
    )


def _mean(a: str, b: str, scenes: Sequence[Agreement]) -> Agreement:
    """The mean over scenes, each with the same weight, with Student's t over them."""
    taus = np.array([row.tau_b for row in scenes if row.tau_b is not None], dtype=np.float64)
    if not len(taus):
        return Agreement("mean", a, b, n_scenes=0, note="no scene in which both have an order")
    mean = float(taus.mean())
    if len(taus) == 1:
        note = "one scene: how far this holds in others can't be known"
        return Agreement("mean", a, b, n_scenes=1, tau_b=mean, note=note)
    half = t_quantile(len(taus) - 1) * float(taus.std(ddof=1)) / math.sqrt(len(taus))
    return Agreement(
        "mean",
        a,
        b,
        n_scenes=len(taus),
        tau_b=mean,
        ci_low=max(-1.0, mean - half),
        ci_high=min(1.0, mean + half),
    )


def _places(
    a: str, b: str, by_a: Sequence[DeviceRank], by_b: Sequence[DeviceRank]
) -> Iterator[Agreement]:
    """The places of every device that both models rank overall."""
    first, second = _ranked(by_a), _ranked(by_b)
    for who, own in first.items():
        other = second.get(who)
        if other is None:
            continue
        n_a, n_b = (
            sum(rank.league == mine.league for rank in ranks.values())
            for ranks, mine in ((first, own), (second, other))
        )
        yield Agreement(
            "place",
            a,
            b,
            device=who.device,
            firmware=who.firmware,
            league=own.league,
            n_devices=n_a,
            rank_a=own.rank,
            rank_low_a=own.rank_low,
            rank_high_a=own.rank_high,
            rank_b=other.rank,
            rank_low_b=other.rank_low,
            rank_high_b=other.rank_high,
            apart=own.rank_high < other.rank_low or other.rank_high < own.rank_low,
            note=None if n_a == n_b else f"ranked among {n_a} devices by {a}, among {n_b} by {b}",
        )


def _ranked(ranks: Sequence[DeviceRank]) -> dict[Competitor, DeviceRank]:
    overall = [rank for rank in ranks if rank.condition is None and rank.has_rank]
    return {rank.competitor: rank for rank in overall}


def _order(place: Agreement) -> tuple[bool, int]:
    assert place.rank_a is not None
    assert place.rank_b is not None
    return not place.apart, -abs(place.rank_a - place.rank_b)
