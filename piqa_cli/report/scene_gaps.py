"""Gaps within scenes, with intervals: a device to its scene's mean, two devices, a capture.

Everything comes from scene_ranks: its intervals are the pooled noise of a take over the root of n.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from piqa_cli.records import Competitor, SceneRank
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.report.site import Scene, Site


@dataclass(frozen=True, slots=True)
class Gap:
    """A difference of scores with its 95 % interval; None: can't be known."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SceneGaps:
    """One scene that was scored.

    Attributes:
        scene: which.
        rows: of scene_ranks by competitor, best first.
        mean: of the devices' scores.
        noise: half the 95 % interval of a single take; None: no device has two of any scene.
        share: sum over the devices of 1 / captures, divided by the squared number of devices:
            what the noise of all of them adds to the mean's variance.
    """

    scene: Scene
    rows: dict[Competitor, SceneRank]
    mean: float
    noise: float | None
    share: float

    def to_mean(self, key: Competitor) -> Gap:
        """A device minus the mean of the scene's devices, itself among them."""
        row = self.rows[key]
        weight = (1 - 2 / len(self.rows)) / row.n_captures + self.share
        known = self.noise is not None and len(self.rows) > 1
        return _gap(row.gap_to_scene_mean, self.noise if known else None, weight)

    def between(self, one: Competitor, other: Competitor) -> Gap:
        """One device minus another one."""
        a, b = self.rows[one], self.rows[other]
        weight = 1 / a.n_captures + 1 / b.n_captures
        return _gap(a.score - b.score, self.noise, weight)

    def of_capture(self, row: ScoredRow) -> float:
        """A capture's score minus the mean of the scene's devices."""
        return float(row.score) - self.mean


def _gap(value: float, noise: float | None, weight: float) -> Gap:
    if noise is None:
        return Gap(value, None, None)
    half = noise * math.sqrt(max(weight, 0.0))
    return Gap(value, value - half, value + half)


def scene_gaps(site: Site) -> dict[str, SceneGaps]:
    """The scored scenes by name, in the order of the pages."""
    rows: dict[str, dict[Competitor, SceneRank]] = {}
    for row in sorted(site.run.tables.scene_ranks, key=lambda row: row.rank):
        rows.setdefault(row.scene, {})[site.key(row)] = row
    return {name: _scene(scene, rows[name]) for name, scene in site.scenes.items() if name in rows}


def _scene(scene: Scene, rows: dict[Competitor, SceneRank]) -> SceneGaps:
    first = next(iter(rows.values()))
    counts = [row.n_captures for row in rows.values()]
    return SceneGaps(
        scene=scene,
        rows=rows,
        mean=first.score - first.gap_to_scene_mean,
        noise=_noise(first),
        share=sum(1 / n for n in counts) / len(counts) ** 2,
    )


def _noise(row: SceneRank) -> float | None:
    if row.interval is None:
        return None
    low, high = row.interval
    return float((high - low) / 2 * math.sqrt(row.n_captures))
