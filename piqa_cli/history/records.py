"""Records of a history: points, series, runs left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from piqa_cli.records import Recipe


@dataclass(frozen=True, slots=True)
class Point:
    """The device in one run.

    Attributes:
        run: the run's folder, below the folder that all runs share.
        started_at: when the run started, UTC.
        firmware: where it competes too.
        score: device effect against the league's mean, or the gap to the reference.
        ci_low, ci_high: 95 % interval of `score`; None: can't be known.
        rank, rank_low, rank_high: in the league.
        n_devices: competitors in the league.
        n_scenes, n_captures: that the device was scored in.
        change: `score` minus that of the point before; None: not comparable, or the first.
        breaks: what is not as in the point before, so that no line joins them.
        note: why an interval is missing.
    """

    run: str
    started_at: datetime
    firmware: str | None
    score: float
    ci_low: float | None
    ci_high: float | None
    rank: int
    rank_low: int
    rank_high: int
    n_devices: int
    n_scenes: int
    n_captures: int
    change: float | None = None
    breaks: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Runs of one recipe, in the order of their start."""

    recipe: Recipe
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A run without a point, with the reason."""

    run: str
    reason: str


@dataclass(frozen=True, slots=True)
class History:
    """One device across runs.

    Attributes:
        device: as asked for.
        reference: what `score` is the gap to; None: the league's mean.
        condition: scenes of one condition; None: all scenes.
        series: in the order of their first run; never to be put on one axis.
        differences: what the recipe of each series but the first changed against the one before.
        absent: whole runs without the device.
        damaged: folders that can't be used.
        warnings: names that are most likely one device, one line.
    """

    device: str
    reference: str | None
    condition: str | None
    series: tuple[Series, ...]
    differences: tuple[tuple[str, ...], ...]
    absent: tuple[Left, ...]
    damaged: tuple[Left, ...]
    warnings: tuple[str, ...] = ()
