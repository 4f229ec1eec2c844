"""A device's best and worst captures: against the scene of each, never raw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.report.scene_gaps import SceneGaps
from piqa_cli.report.site import Scene
from piqa_cli.report.text import signed
from piqa_cli.report.tiles import Tile, counted_rows, tiles_of
from piqa_cli.runs.pictures import PictureSource

_AT_MOST = 4  # captures in each list


@dataclass(frozen=True, slots=True)
class Extreme:
    """One capture that stands out.

    Attributes:
        scene: where.
        gap: its score minus the mean of the scene's devices, as text.
        shot: names and pictures.
    """

    scene: Scene
    gap: str
    shot: Tile


@dataclass(frozen=True, slots=True)
class Extremes:
    """The best first, and the worst first; no capture is in both."""

    best: tuple[Extreme, ...]
    worst: tuple[Extreme, ...]


def extremes(
    cells: Mapping[str, Sequence[ScoredRow]],
    found: Mapping[str, SceneGaps],
    *,
    usual: Mapping[str, Sequence[float] | None],
    pictures: PictureSource,
) -> Extremes:
    """The captures that lie furthest above and below the mean of their scene's devices.

    Each scene gives at most its best and its worst one, so that lists don't repeat a scene.

    Args:
        cells: scored captures of the device by scene, in order.
        found: the scored scenes.
        usual: what faults cost on average, by scene.
        pictures: what can be shown.
    """
    # Alone in a scene there is nothing to be better than.
    ranked = {
        scene: sorted(counted_rows(rows), key=lambda row: -row.score)
        for scene, rows in cells.items()
        if scene in found and len(found[scene].rows) > 1
    }
    tops = [(found[s].of_capture(rows[0]), s, rows[0]) for s, rows in ranked.items()]
    ends = [(found[s].of_capture(rows[-1]), s, rows[-1]) for s, rows in ranked.items()]
    n_best = min(_AT_MOST, (sum(map(len, ranked.values())) + 1) // 2)
    best = sorted(tops, key=lambda item: -item[0])[:n_best]
    chosen = {id(row) for _, _, row in best}
    rest = [item for item in ends if id(item[2]) not in chosen]
    worst = sorted(rest, key=lambda item: item[0])[:_AT_MOST]

    chosen_scenes = {scene for _, scene, _ in (*best, *worst)}
    shots = {
        scene: list(
            zip(cells[scene], tiles_of(cells[scene], pictures, usual=usual[scene]), strict=True)
        )
        for scene in chosen_scenes
    }

    def show(items: Sequence[tuple[float, str, ScoredRow]]) -> tuple[Extreme, ...]:
        return tuple(
            Extreme(found[scene].scene, signed(gap), _shot(row, shots[scene]))
            for gap, scene, row in items
        )

    return Extremes(show(best), show(worst))


def _shot(row: ScoredRow, shots: Sequence[tuple[ScoredRow, Tile]]) -> Tile:
    """The tile of one capture, named beside the others of its cell."""
    return next(shot for own, shot in shots if own is row)
