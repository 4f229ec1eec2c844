"""What ranking gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SceneRank:
    """One scene x competitor: the mean of its captures, its interval and its rank in the scene."""

    scene: str
    condition: str | None
    device: str
    firmware: str | None
    n_captures: int
    score: float
    gap_to_scene_mean: float
    worst_score: float
    spread: float | None
    ci_low: float | None
    ci_high: float | None
    rank: int
    rank_low: int
    rank_high: int


@dataclass(frozen=True, slots=True)
class DeviceRank:
    """One competitor over all scenes (condition None) or over the scenes of one condition.

    `score` is the device effect of the additive model, relative to its league's mean.
    """

    condition: str | None
    league: int
    device: str
    firmware: str | None
    n_scenes: int
    n_captures: int
    score: float
    ci_low: float | None
    ci_high: float | None
    rank: int
    rank_low: int
    rank_high: int
    preference: float | None
    note: str | None = None
