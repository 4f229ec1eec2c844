"""A device in every scene: rank and gap to the scene's mean, or the reason of a missing score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from piqa_cli.records import Competitor
from piqa_cli.records.capture_row import ScoredRow, TriedRow
from piqa_cli.report.certainty import clearly_first
from piqa_cli.report.charts.axis import Axis, axis_of
from piqa_cli.report.charts.intervals import axis_svg, interval_svg
from piqa_cli.report.escaping import printable
from piqa_cli.report.scene_gaps import SceneGaps
from piqa_cli.report.site import Scene, Site
from piqa_cli.report.text import number, rank_range, signed, span
from piqa_cli.report.tiles import counted_rows


@dataclass(frozen=True, slots=True)
class DeviceScene:
    """One scene in which the device has a score; `gap` and `worst` are from the scene's mean."""

    scene: Scene
    rank: int
    ranks: str
    n_devices: int
    first: bool
    gap: str
    gap_key: float
    interval: str
    worst: str
    worst_key: float
    spread: str
    spread_key: float | None
    n_captures: int
    chart: Markup


@dataclass(frozen=True, slots=True)
class DeviceHole:
    """One scene in which the device has no score, with the reason."""

    scene: Scene
    text: str


@dataclass(frozen=True, slots=True)
class DeviceScenes:
    """All scenes: those with a score in the order of the pages, the others, and the axis."""

    rows: tuple[DeviceScene, ...]
    holes: tuple[DeviceHole, ...]
    axis: Markup
    certain: bool


def device_scenes(
    site: Site, key: Competitor, captures: Sequence[TriedRow], *, found: Mapping[str, SceneGaps]
) -> DeviceScenes:
    """The scenes of one device.

    Args:
        site: the run.
        key: the device.
        captures: its rows of the captures table, failed ones among them.
        found: the scored scenes.
    """
    own = [gaps for gaps in found.values() if key in gaps.rows]
    takes: dict[str, list[ScoredRow]] = {}
    for row in captures:
        if isinstance(row, ScoredRow):
            takes.setdefault(row.scene, []).append(row)
    shown = {gaps.scene.name: _takes(gaps, takes.get(gaps.scene.name, [])) for gaps in own}
    axis = _axis(site, key, own, [gap for gaps in shown.values() for gap in gaps])
    failed = Counter(row.scene for row in captures if row.status == "failed")
    return DeviceScenes(
        rows=tuple(_row(site, key, gaps, shown[gaps.scene.name], axis) for gaps in own),
        holes=tuple(
            DeviceHole(scene, f"{failed[name]} failed" if failed[name] else "no capture")
            for name, scene in site.scenes.items()
            if key not in (found[name].rows if name in found else {})
        ),
        axis=axis_svg(axis),
        certain=any(gaps.noise is not None for gaps in own),
    )


def _takes(gaps: SceneGaps, rows: Sequence[ScoredRow]) -> list[float]:
    """Single captures, where there are several."""
    counted = counted_rows(rows)
    return [gaps.of_capture(row) for row in counted] if len(counted) > 1 else []


def _axis(site: Site, key: Competitor, own: Sequence[SceneGaps], takes: Sequence[float]) -> Axis:
    ends: list[float | None] = [*takes, -site.tie, site.tie]
    for gaps in own:
        gap = gaps.to_mean(key)
        ends += [gap.value, gap.low, gap.high]
    return axis_of(ends, zero=True, ticks_at_most=5)


def _row(
    site: Site, key: Competitor, gaps: SceneGaps, takes: Sequence[float], axis: Axis
) -> DeviceScene:
    row, gap = gaps.rows[key], gaps.to_mean(key)
    interval = span(gap.low, gap.high, sign=True)
    label = f"{gaps.scene.title}: {signed(gap.value)}, 95 % interval {interval}"
    return DeviceScene(
        scene=gaps.scene,
        rank=row.rank,
        ranks=rank_range(row.rank_low, row.rank_high),
        n_devices=len(gaps.rows),
        first=clearly_first(row, list(gaps.rows.values())),
        gap=signed(gap.value),
        gap_key=gap.value,
        interval=interval,
        worst=signed(row.worst_score - gaps.mean),
        worst_key=row.worst_score - gaps.mean,
        spread=number(row.spread),
        spread_key=row.spread,
        n_captures=row.n_captures,
        chart=interval_svg(
            axis, gap.value, low=gap.low, high=gap.high, takes=takes, label=printable(label)
        ),
    )
