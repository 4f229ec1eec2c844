"""The page of a comparison: verdict, devices, heat map, pictures, EXIF, captures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from markupsafe import Markup

from piqa_cli.compare.exif_changes import exif_changes, firmware_text
from piqa_cli.compare.headline import detail, headline
from piqa_cli.compare.heat import heat
from piqa_cli.compare.pictures import Shown
from piqa_cli.compare.records import CaptureChange, Comparison, DeviceChange, SceneChange, Subject
from piqa_cli.compare.rows import captures_counted, words
from piqa_cli.compare.verdicts import SHORT, in_scenes
from piqa_cli.records.gates import GateResult
from piqa_cli.resources import resource_dir
from piqa_cli.write.charts import HEAT_LEVELS, Axis, axis_of, axis_svg, interval_svg
from piqa_cli.write.gates_view import gate_strip
from piqa_cli.write.html import page_environment, printable
from piqa_cli.write.tables import storable
from piqa_cli.write.wording import NONE, number, percent, signed, span

ASSETS = ("style.css", "script.js", "compare.js")
_LINES_AT_MOST = 200  # of the long lists; the tables have them all
_NO_CHART = Markup()


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device of the table, in words."""

    label: str
    firmware: str
    verdict: str
    said: str
    in_scenes: str
    chart: Markup
    difference: str
    interval: str
    preference: str
    scenes: str
    captures: str
    worst: str
    note: str


@dataclass(frozen=True, slots=True)
class SceneLine:
    """A device in a scene, in words; `value` sorts."""

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


def page_files(
    found: Comparison, shown: Sequence[Shown], *, gates: Sequence[GateResult] = ()
) -> Iterator[tuple[str, str]]:
    """Every file of the page by its name; no dates, no folders of this machine."""
    templates = resource_dir("templates")
    template = page_environment(templates).get_template("compare.html.j2")
    yield "index.html", template.render(root="", **_view(found, shown, gates)) + "\n"
    for name in ASSETS:
        yield f"assets/{name}", (templates / name).read_text(encoding="utf-8")


def _view(found: Comparison, shown: Sequence[Shown], gates: Sequence[GateResult]) -> dict[str, Any]:
    anchors = {
        (pair.change.scene, pair.change.subject): f"pair-{n}" for n, pair in enumerate(shown, 1)
    }
    titles = _titles(found)
    scenes = _scenes_of(found)
    lost, gone, come = _lost(found), _list(found, "removed"), _list(found, "added")
    return {
        "headline": headline(found),
        "short": SHORT,
        "detail": detail(found),
        "base_name": found.base_name,
        "new_name": found.new_name,
        "model": found.new.info["model"],
        "weights_sha256": found.new.info["weights_sha256"],
        "unit": found.unit,
        "tie_jod": found.tie_jod,
        "noise": found.noise,
        "gates": gate_strip([asdict(gate) for gate in gates]),
        "notes": found.notes,
        "count": captures_counted(found),
        **_devices(found, scenes),
        "heat": heat(found, titles, anchors),
        "heat_levels": range(-HEAT_LEVELS, HEAT_LEVELS + 1),
        "pairs": {kind: _pairs(found, shown, kind, titles) for kind in ("regression", "gain")},
        "n_regressions": len(found.regressions()),
        "lines": _scene_lines(found, titles),
        "exif": exif_changes(found),
        "titles": titles,
        "lists": tuple(
            {"head": head, "rows": rows[:_LINES_AT_MOST], "n": len(rows)}
            for head, rows in (
                ("No longer scored", lost),
                ("Removed: in BASE only", gone),
                ("Added: in NEW only", come),
            )
            if rows
        ),
        "most": _LINES_AT_MOST,
    }


def _titles(found: Comparison) -> dict[str, str]:
    """What scenes are called: by NEW's scene.toml, else BASE's, else the folder."""
    known: dict[str, str] = {}
    for run in (found.base, found.new):
        for name, scene in run.info.get("scenes", {}).items():
            known |= {name: scene["title"]} if scene.get("title") else {}
    return {row.scene: known.get(storable(row.scene), row.scene) for row in found.scenes}


def _scenes_of(found: Comparison) -> Mapping[Subject, list[SceneChange]]:
    groups: defaultdict[Subject, list[SceneChange]] = defaultdict(list)
    for row in found.scenes:
        groups[row.subject].append(row)
    return groups


def _devices(found: Comparison, scenes: Mapping[Subject, list[SceneChange]]) -> dict[str, Any]:
    """The device tables: over all scenes, then by condition, all charts on one axis."""
    ends = [
        end
        for row in found.devices
        if row.verdict != "unchanged"
        for end in (row.difference, row.ci_low, row.ci_high)
    ]
    axis = axis_of([*ends, -found.tie, found.tie], zero=True)
    groups: dict[str, list[DeviceChange]] = {}
    for row in found.devices:
        if row.condition is not None:
            groups.setdefault(row.condition, []).append(row)
    narrow = axis_of([*ends, -found.tie, found.tie], zero=True, ticks_at_most=4)
    return {
        "axis": axis_svg(axis),
        "small_axis": axis_svg(narrow),
        "devices": [_device(found, row, scenes[row.subject], axis) for row in found.overall()],
        "conditions": {
            name: [_device(found, row, scenes[row.subject], narrow) for row in rows]
            for name, rows in groups.items()
        },
    }


def _device(
    found: Comparison, row: DeviceChange, scenes: Sequence[SceneChange], axis: Axis
) -> DeviceLine:
    said = words(found, row)
    chart = _NO_CHART
    if row.difference is not None:
        chart = interval_svg(
            axis,
            row.difference,
            low=row.ci_low,
            high=row.ci_high,
            label=printable(f"{row.subject.label}: {said}"),
        )
    worst = ""
    if row.worst_difference is not None and row.n_scenes > 1:
        worst = f"{signed(row.worst_difference)} in {_titles(found)[row.worst_scene or '']}"
    return DeviceLine(
        label=row.subject.label,
        firmware=firmware_text(scenes),
        verdict=row.verdict,
        said=said,
        in_scenes=in_scenes(row.verdict, row.n_worse_scenes, row.n_better_scenes),
        chart=chart,
        difference="0" if row.verdict == "unchanged" else signed(row.difference),
        interval=NONE if row.verdict == "unchanged" else span(row.ci_low, row.ci_high, sign=True),
        preference=percent(row.preference),
        scenes=str(row.n_scenes + row.n_same_scenes),
        captures=_before_after(row.n_base, row.n_new),
        worst=worst,
        note=row.note or "",
    )


def _before_after(base: int, new: int) -> str:
    return str(base) if base == new else f"{base} → {new}"


def _pairs(
    found: Comparison, shown: Sequence[Shown], kind: str, titles: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "id": f"pair-{n}",
            "shown": pair,
            "label": pair.change.subject.label,
            "scene": titles[pair.change.scene],
            "said": words(found, pair.change),
            "verdict": pair.change.verdict,
            "what": f"Take {pair.take}" if pair.take else "",
            "sides": (
                {"run": found.base_name, "shot": pair.base, "score": number(pair.base.score)},
                {"run": found.new_name, "shot": pair.new, "score": number(pair.new.score)},
            ),
        }
        for n, pair in enumerate(shown, 1)
        if pair.kind == kind
    ]


def _scene_lines(found: Comparison, titles: Mapping[str, str]) -> list[SceneLine]:
    """Devices in scenes whose captures differ, the worst first."""
    rows = [row for row in found.scenes if row.method in ("paired", "unpaired")]
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
            captures=f"{row.n_pairs} pairs"
            if row.n_pairs
            else _before_after(row.n_base, row.n_new),
            note=row.note or "",
        )
        for row in rows
    ]


def _lost(found: Comparison) -> list[CaptureChange]:
    """Captures that BASE scored and NEW couldn't."""
    return [c for c in found.captures if c.base_status == "ok" and c.status == "failed"]


def _list(found: Comparison, change: str) -> list[CaptureChange]:
    return [capture for capture in found.captures if capture.change == change]
