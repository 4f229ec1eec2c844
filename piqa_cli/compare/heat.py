"""Scene by device: every difference as a coloured cell, every hole with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from piqa_cli.compare.records import Comparison, SceneChange, Subject
from piqa_cli.compare.rows import words
from piqa_cli.report.charts.heat_colours import heat_level, heat_limit
from piqa_cli.report.text import number, signed


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One device in one scene.

    Attributes:
        text: the difference, or why there is none.
        level: colour step -5..5; None: no difference.
        clear: whether it is clearly better or worse.
        title: all of it in words.
        href: where its pictures are; empty: they aren't shown.
    """

    text: str
    level: int | None
    clear: bool
    title: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """Scenes down, devices across; `limit` is the difference of the strongest colour, as text."""

    subjects: tuple[Subject, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]
    limit: str


def heat(
    found: Comparison, titles: Mapping[str, str], anchors: Mapping[tuple[str, Subject], str]
) -> Heat:
    """The heat map.

    Args:
        found: the comparison.
        titles: of the scenes.
        anchors: where the page shows the pictures of a cell.
    """
    limit = heat_limit([found.tie, *(row.difference or 0.0 for row in found.scenes)])
    cells = {(row.scene, row.subject): row for row in found.scenes}
    subjects = tuple(row.subject for row in found.devices if row.condition is None)
    rows = []
    for scene in dict.fromkeys(row.scene for row in found.scenes):
        line = tuple(
            _cell(found, cells.get((scene, subject)), limit, titles[scene], subject)
            if (scene, subject) not in anchors
            else _linked(found, cells[scene, subject], limit, titles[scene], anchors)
            for subject in subjects
        )
        rows.append((titles[scene], line))
    return Heat(subjects, tuple(rows), number(limit))


def _linked(
    found: Comparison,
    row: SceneChange,
    limit: float,
    title: str,
    anchors: Mapping[tuple[str, Subject], str],
) -> HeatCell:
    cell = _cell(found, row, limit, title, row.subject)
    href = f"#{anchors[row.scene, row.subject]}"
    return HeatCell(cell.text, cell.level, cell.clear, cell.title, href)


def _cell(
    found: Comparison, row: SceneChange | None, limit: float, title: str, subject: Subject
) -> HeatCell:
    where = f"{subject.label} in {title}: "
    if row is None:
        return HeatCell("none", None, False, f"{where}no capture in either run")
    label = where + words(found, row)
    if row.difference is None:
        text = "failed" if row.verdict == "unknown" else row.verdict
        return HeatCell(text, None, False, f"{label}; {row.note}" if row.note else label)
    if row.method == "unchanged":
        return HeatCell("same", 0, False, label)
    clear = row.verdict in ("better", "worse")
    return HeatCell(signed(row.difference), heat_level(row.difference, limit), clear, label)
