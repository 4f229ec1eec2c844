"""Results of ranking: ranks of devices within scenes and over them, and of pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from piqa_cli.records.competitors import Competitor

Family = Literal["reference", "neighbours"]
NO_INTERVAL = "no interval: too few scenes shared between devices"


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

    @property
    def competitor(self) -> Competitor:
        """Device and firmware that the rank belongs to."""
        return Competitor(self.device, self.firmware)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The ends of its 95 % interval; None: can't be known."""
        return None if self.ci_low is None or self.ci_high is None else (self.ci_low, self.ci_high)


@dataclass(frozen=True, slots=True)
class DeviceRank:
    """One competitor over all scenes (condition None) or over the scenes of one condition.

    `score` is the device effect of the additive model, relative to its league's mean.

    Attributes:
        preference: over the reference, or over the league's mean device where none was named.
        reference: what the gap is against; None: the league's mean.
        gap, gap_low, gap_high: score minus the reference's, with its 95 % interval; the gap is
            None where the reference stands in another league, or has no score or no rank.
        take_sd, take_df: standard deviation between takes, pooled over the device's cells, and
            its degrees of freedom; None and 0 where no cell has two takes.
        worst_gap, worst_capture: the capture that lies furthest below (or least above) the level
            of its scene, the score that the model gives the league's mean device there.
        ranked: False: listed after the ranked ones with too little evidence for a rank; its rank
            columns are then one more than there are ranked ones. None: an older run, which ranked
            all.
        residual_sd, residual_df: standard deviation of its scores around the model, over its
            scenes, and its degrees of freedom; None where it has too few.
        uneven: whether that is clearly more than its rivals have; None: can't be tested.
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
    reference: str | None = None
    gap: float | None = None
    gap_low: float | None = None
    gap_high: float | None = None
    take_sd: float | None = None
    take_df: int = 0
    worst_gap: float | None = None
    worst_capture: str | None = None
    ranked: bool | None = None
    residual_sd: float | None = None
    residual_df: float | None = None
    uneven: bool | None = None

    @property
    def has_rank(self) -> bool:
        """True if it is ranked, as all devices of older runs are."""
        return self.ranked is not False

    @property
    def why_unranked(self) -> str:
        """The first reason of its note, that of a missing rank; empty: none is stated."""
        return (self.note or "").split("; ")[0]

    @property
    def competitor(self) -> Competitor:
        """Device and firmware that the rank belongs to."""
        return Competitor(self.device, self.firmware)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The ends of its 95 % interval; None: can't be known."""
        return None if self.ci_low is None or self.ci_high is None else (self.ci_low, self.ci_high)


@dataclass(frozen=True, slots=True)
class PairRank:
    """Two ranked competitors of one league, A the better in rank.

    Attributes:
        condition: of the scenes; None: all scenes.
        n_scenes: scenes that both have.
        difference: score of A minus that of B in the ranking. (Older runs: `shared_difference`,
            with an interval of its own.)
        ci_low, ci_high: its 95 % interval, the one that rank ranges rest on; None: can't be known.
        wins, ties, losses: of A, by scene.
        preference: for A over B, 0..1; None without a JOD scale.
        family: pairs with p-values adjusted together: `reference`, `neighbours`; None: no test.
        p_value: Wilcoxon signed-rank, two-sided.
        p_holm: the same, adjusted within the family.
        note: why something is missing.
        shared_difference: mean over the shared scenes of the mean score of A minus that of B;
            None without such scenes.
    """

    condition: str | None
    league: int
    device_a: str
    firmware_a: str | None
    device_b: str
    firmware_b: str | None
    n_scenes: int
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    wins: int
    ties: int
    losses: int
    preference: float | None
    family: Family | None
    p_value: float | None
    p_holm: float | None
    note: str | None
    shared_difference: float | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The ends of its 95 % interval; None: can't be known."""
        return None if self.ci_low is None or self.ci_high is None else (self.ci_low, self.ci_high)


@dataclass(frozen=True, slots=True)
class FaultEffect:
    """Cost of one fault for one competitor, against the mean competitor of its league.

    Attributes:
        condition: of the scenes; None: all scenes.
        fault: name of one of `faults.FAULTS`.
        n_scenes: scenes in which its captures have costs.
        cost: effect of the additive model on the costs; more than 0: it loses more by this fault
            than the others, in the same scenes.
        ci_low, ci_high: its 95 % interval; None: can't be known.
    """

    condition: str | None
    league: int
    device: str
    firmware: str | None
    fault: str
    n_scenes: int
    cost: float
    ci_low: float | None
    ci_high: float | None

    @property
    def competitor(self) -> Competitor:
        """Device and firmware that it belongs to."""
        return Competitor(self.device, self.firmware)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The ends of its 95 % interval; None: can't be known."""
        return None if self.ci_low is None or self.ci_high is None else (self.ci_low, self.ci_high)


@dataclass(frozen=True, slots=True)
class Ranking:
    """All that ranking gives, in the order in which tables and pages show it."""

    scenes: tuple[SceneRank, ...] = ()
    devices: tuple[DeviceRank, ...] = ()
    pairs: tuple[PairRank, ...] = ()
    faults: tuple[FaultEffect, ...] = ()
