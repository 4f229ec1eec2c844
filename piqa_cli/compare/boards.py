"""The tables of a comparison's page: devices, and devices in scenes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from piqa_cli.compare.exif_changes import firmware_text
from piqa_cli.compare.faults import faults_in_words
from piqa_cli.compare.links import PageLinks
from piqa_cli.compare.records import Comparison, DeviceChange, SceneChange, Subject
from piqa_cli.compare.rows import words
from piqa_cli.compare.verdicts import in_scenes, scenes_counted
from piqa_cli.report.charts.axis import Axis, axis_of
from piqa_cli.report.charts.intervals import axis_svg, interval_svg
from piqa_cli.report.escaping import printable
from piqa_cli.report.text import NONE, number, percent, signed, span

_FEW_SCENES = 2
_NO_CHART = Markup()


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device of the table, in words; `pages` are its own in BASE and in NEW."""

    label: str
    firmware: str
    verdict: str
    sentence: str
    in_scenes: str
    chart: Markup
    difference: str
    interval: str
    preference: str
    scenes: str
    captures: str
    note: str
    faults: str
    pages: tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class SceneLine:
    """A device in a scene, in words; `value` sorts, `pages` are the scene's in BASE and NEW."""

    label: str
    scene: str
    verdict: str
    value: float | None
    difference: str
    interval: str
    base_score: str
    score: str
    captures: str
    note: str
    pages: tuple[str | None, str | None]


def _scenes_of(found: Comparison) -> Mapping[Subject, list[SceneChange]]:
    groups: defaultdict[Subject, list[SceneChange]] = defaultdict(list)
    for row in found.scenes:
        groups[row.subject].append(row)
    return groups


def device_boards(found: Comparison, links: PageLinks) -> dict[str, Any]:
    """The device tables: over all scenes, then by condition, the charts of each on one axis.

    Devices whose files are the same in both runs are named in one line, and fill no rows.
    """
    scenes = _scenes_of(found)
    axis = axis_of([*_ends(found.overall()), -found.tie, found.tie], zero=True)
    told = {
        name: [row for row in rows if row.verdict != "unchanged"]
        for name, rows in found.by_condition().items()
    }
    groups = {name: rows for name, rows in told.items() if rows}
    ends = _ends([row for rows in groups.values() for row in rows])
    narrow = axis_of([*ends, -found.tie, found.tie], zero=True, ticks_at_most=4)
    return {
        "axis": axis_svg(axis),
        "small_axis": axis_svg(narrow),
        "devices": [
            _device(found, row, scenes[row.subject], axis, links)
            for row in found.overall()
            if row.verdict != "unchanged"
        ],
        "unchanged": [row.subject.label for row in found.overall() if row.verdict == "unchanged"],
        "conditions": {
            name: [_device(found, row, scenes[row.subject], narrow, links) for row in rows]
            for name, rows in groups.items()
        },
    }


def _ends(rows: Sequence[DeviceChange]) -> list[float | None]:
    """Values that an axis holds: all differences, and the ends of intervals from enough scenes.

    The interval of two scenes is so wide (t with one degree of freedom) that it would squeeze all
    others; it is cut at the end of the axis, unless there are no others.
    """
    told = [row for row in rows if row.verdict != "unchanged"]
    wide = [row for row in told if row.n_scenes > _FEW_SCENES] or told
    differences = [row.difference for row in told]
    return [*differences, *(end for row in wide for end in (row.ci_low, row.ci_high))]


def _device(
    found: Comparison,
    row: DeviceChange,
    scenes: Sequence[SceneChange],
    axis: Axis,
    links: PageLinks,
) -> DeviceLine:
    sentence = words(found, row)
    chart = _NO_CHART
    if row.difference is not None:
        chart = interval_svg(
            axis,
            row.difference,
            low=row.ci_low,
            high=row.ci_high,
            label=printable(f"{row.subject.label}: {sentence}"),
        )
    return DeviceLine(
        label=row.subject.label,
        firmware=firmware_text(scenes),
        verdict=row.verdict,
        sentence=sentence,
        in_scenes=in_scenes(row.verdict, row.n_worse_scenes, row.n_better_scenes),
        chart=chart,
        difference="0" if row.verdict == "unchanged" else signed(row.difference),
        interval=NONE if row.verdict == "unchanged" else span(row.ci_low, row.ci_high, sign=True),
        preference=percent(row.preference),
        scenes=scenes_counted(row.n_scenes, row.n_same_scenes),
        captures=_before_after(row.n_base, row.n_new),
        note=row.note or "",
        faults=faults_in_words([s.fault_changes for s in scenes if s.method != "unchanged"]),
        pages=links.devices(row.subject),
    )


def _pairs(row: SceneChange) -> str:
    return f"{row.n_pairs} pairs{', by order' if row.method == 'ordered' else ''}" * bool(
        row.n_pairs
    )


def _before_after(base: int, new: int) -> str:
    return str(base) if base == new else f"{base} → {new}"


def scene_lines(found: Comparison, titles: Mapping[str, str], links: PageLinks) -> list[SceneLine]:
    """Devices in scenes whose captures differ, the worst first."""
    rows = [row for row in found.scenes if row.is_new]
    rows.sort(key=lambda row: row.difference or 0.0)
    return [
        SceneLine(
            label=row.subject.label,
            scene=titles[row.scene],
            verdict=row.verdict,
            value=row.difference,
            difference=signed(row.difference),
            interval=span(row.ci_low, row.ci_high, sign=True),
            base_score=number(row.base_score),
            score=number(row.score),
            captures=_pairs(row) or _before_after(row.n_base, row.n_new),
            note=row.note or "",
            pages=links.scenes(row.scene, row.subject),
        )
        for row in rows
    ]
