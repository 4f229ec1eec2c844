"""Notices about the data behind the ranking: mix-ups, missing cells, sizes, faces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from piqa_cli.acknowledge import parted
from piqa_cli.report.home.heat_map import Heat, HeatHole
from piqa_cli.report.note_lines import strays
from piqa_cli.report.site import CompetitorPage, Site
from piqa_cli.report.text import counted, listed
from piqa_cli.report.warning_lines import (
    WarningLine,
    acknowledged_lines,
    acknowledged_patterns,
    warning_lines,
)
from piqa_cli.runs.capture_rows import folder_rows, tally

_SHOWN = 6  # warnings of the run that are shown unfolded


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: a headline and its lines.

    Attributes:
        text: the oddity, and its effect on the ranking.
        items: places, one line each; may be empty.
    """

    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notices:
    """All warnings and notices of the first page.

    Attributes:
        found: the run's warnings about its files, the first few.
        more: the other warnings about files.
        from_tables: notices made from the tables.
        acknowledged: what the lab knows, of both kinds.
    """

    found: tuple[WarningLine, ...]
    more: tuple[WarningLine, ...]
    from_tables: tuple[Notice, ...]
    acknowledged: tuple[WarningLine, ...]

    @property
    def count(self) -> int:
        """Number of all notices but for the acknowledged ones."""
        return len(self.found) + len(self.more) + len(self.from_tables)


def notices(site: Site, heats: Sequence[Heat]) -> Notices:
    """Warnings and notices of the first page.

    Args:
        site: the run.
        heats: its heat maps, where holes are counted.
    """
    warned = warning_lines(site)
    sizes = (_sizes_in_cells(site), _sizes_scored(site))
    made = (_folders(site), _holes(heats), *sizes, _faceless(site), *_notes(site))
    from_tables, known = parted(
        [notice for notice in made if notice],
        acknowledged_patterns(site),
        text=lambda notice: notice.text,
    )
    return Notices(
        found=warned[:_SHOWN],
        more=warned[_SHOWN:],
        from_tables=from_tables,
        acknowledged=(
            *acknowledged_lines(site),
            *(WarningLine("", "", notice.text) for notice in known),
        ),
    )


def _folders(site: Site) -> Notice | None:
    """Folders that failed: captures of these are missing in everything below."""
    failed = folder_rows(site.run.tables.captures)
    if not failed:
        return None
    return Notice(
        f"{counted(len(failed), 'folder')} without captures, counted as failed: whatever belongs "
        "there is missing.",
        tuple(f"{row.path}: {row.reason}" for row in failed),
    )


def _holes(heats: Sequence[Heat]) -> Notice | None:
    """Missing cells: no fault of the ranking, but then devices differ in their scenes."""
    holes = sum(heat.holes for heat in heats)
    if not holes:
        return None
    n_cells = sum(len(heat.devices) * len(heat.rows) for heat in heats)
    items = []
    for heat, row in ((one, row) for one in heats for row in one.rows):
        lacking = [
            device.label + (" (failed)" if cell.text == "failed" else "")
            for device, cell in zip(heat.devices, row.cells, strict=True)
            if isinstance(cell, HeatHole)
        ]
        if lacking:
            items.append(f"{row.scene.title}: {listed(lacking, most=4)}")
    return Notice(
        f"{holes:,} of {counted(n_cells, 'cell')} (scene by device) "
        f"{'has' if holes == 1 else 'have'} no score. Devices are compared over the scenes "
        "that they share; a missing device is missing, not last.",
        tuple(items),
    )


def _of_scored(site: Site, *names: str) -> list[tuple[tuple[Any, ...], int]]:
    """Combinations of a scene and other values of scored captures, and how often they occur.

    Scene by scene in the order of pages.
    """
    place = {scene: n for n, scene in enumerate(site.scenes)}
    found = tally(site.run.tables.captures, "status", "scene", *names)
    scored = [(tuple(values), n) for (status, *values), n in found.items() if status == "ok"]
    return sorted(scored, key=lambda item: place[item[0][0]])


def _sizes_in_cells(site: Site) -> Notice | None:
    """Takes of one device in one scene that differ in size: another mode or lens, or a crop."""
    cells: dict[tuple[str, CompetitorPage], set[tuple[int, int]]] = defaultdict(set)
    for values, _ in _of_scored(site, "device", "firmware", "width_px", "height_px"):
        scene, device, firmware, width, height = values
        if width and height:
            competitor = site.competitors[site.key_of(device, firmware)]
            cells[scene, competitor].add(_sides(width, height))
    items = tuple(
        f"{site.scenes[scene].title}, {competitor.label}: "
        + listed([f"{long} × {short}" for long, short in sorted(sizes, reverse=True)])
        for (scene, competitor), sizes in cells.items()
        if len(sizes) > 1
    )
    if not items:
        return None
    text = "Mixed sizes: takes of one device in one scene differ in size, as after a crop or with "
    return Notice(f"{text}another camera mode or lens ({counted(len(items), 'case')}).", items)


def _sizes_scored(site: Site) -> Notice | None:
    """Scenes whose captures were scored at different sizes: a model's output may depend on size."""
    scenes: dict[str, set[int]] = defaultdict(set)
    for (scene, width, height), _ in _of_scored(site, "working_width_px", "working_height_px"):
        if width and height:
            scenes[scene].add(_sides(width, height)[1])
    items = tuple(
        f"{site.scenes[scene].title}: shorter sides of {min(sides):,} to {max(sides):,} px"
        for scene, sides in scenes.items()
        # A pixel or two is rounding of the other side's ratio.
        if max(sides) - min(sides) > 2
    )
    if not items:
        return None
    where = counted(len(items), "scene")
    return Notice(
        f"Mixed sizes: in {where}, captures were scored at different sizes. Small captures "
        "are never enlarged, so part of a gap may come from size alone.",
        items,
    )


def _sides(width: int, height: int) -> tuple[int, int]:
    """The longer side, then the shorter one: turned pictures count as equal."""
    return max(width, height), min(width, height)


def _faceless(site: Site) -> Notice | None:
    """Captures without a face: the whole picture was scored in its place."""
    found = _of_scored(site, "no_face")
    lacking = {scene: n for (scene, no_face), n in found if no_face}
    if not lacking:
        return None
    total, n_scored = sum(lacking.values()), sum(n for _, n in found)
    items = tuple(
        f"{site.scenes[scene].title}: {counted(n, 'capture')}" for scene, n in lacking.items()
    )
    text = f"No face in {total:,} of {counted(n_scored, 'capture')}"
    return Notice(f"{text}: the whole picture stood in for it.", items)


def _notes(site: Site) -> tuple[Notice, ...]:
    """Lines of notes.csv that can't be shown, with the reason."""
    away = strays(site)
    lost = f"{counted(away, 'note')} of notes.csv on scenes or devices that aren't in this run."
    texts = [site.run.notes.warning, lost if away else ""]
    return tuple(Notice(text) for text in texts if text)
