"""The page of a comparison: verdict, devices, heat map, pictures, EXIF, captures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from piqa_cli.compare.boards import device_boards, scene_lines
from piqa_cli.compare.exif_changes import exif_changes
from piqa_cli.compare.expected import missing_lines
from piqa_cli.compare.headline import detail, headline
from piqa_cli.compare.heat import heat
from piqa_cli.compare.links import PageLinks
from piqa_cli.compare.pictures import Shown
from piqa_cli.compare.records import CaptureChange, Comparison
from piqa_cli.compare.rows import captures_counted, n_failed_folders, words
from piqa_cli.compare.verdicts import shorts
from piqa_cli.records.gates import GateResult
from piqa_cli.records.units import unit_meaning
from piqa_cli.report.charts.heat_colours import HEAT_LEVELS
from piqa_cli.report.gate_strip import beside_failed_folders, gate_strip
from piqa_cli.report.missing import missing_view
from piqa_cli.report.render import asset_files, page_environment
from piqa_cli.report.text import number
from piqa_cli.resources import resource_dir
from piqa_cli.runs.tables import storable

ASSETS = ("style.css", "script.js", "compare/compare.js")
_LINES_AT_MOST = 200  # long lists on the page end here; the tables have all lines


def page_files(
    found: Comparison, shown: Sequence[Shown], *, place: Path, gates: Sequence[GateResult] = ()
) -> Iterator[tuple[str, str]]:
    """Every file of the page by its name; no dates, no folders of this machine.

    Args:
        found: what the page shows.
        shown: pairs of captures.
        place: folder of the page, for links to the runs' own pages.
        gates: what became of each.
    """
    templates = resource_dir("templates")
    template = page_environment(templates).get_template("compare/page.html.j2")
    links = PageLinks.of(found, place)
    home = {"base": links.base.home(), "new": links.new.home()}
    view = _view(found, shown, gates, links)
    yield "index.html", template.render(root="", links=home, **view) + "\n"
    yield from asset_files(ASSETS)


def _view(
    found: Comparison, shown: Sequence[Shown], gates: Sequence[GateResult], links: PageLinks
) -> dict[str, Any]:
    anchors = {
        (pair.change.scene, pair.change.subject): f"pair-{n}" for n, pair in enumerate(shown, 1)
    }
    titles = _titles(found)
    lost, gone, come = _lost(found), _list(found, "removed"), _list(found, "added")
    return {
        "headline": headline(found),
        "short": shorts(given=found.given),
        "detail": detail(found),
        "base_name": found.base_name,
        "new_name": found.new_name,
        "model": found.new.source,
        "scored_by": found.new.source.scored_by,
        "weights_sha256": found.new.recipe.weights_sha256,
        "preprocessing": found.new.recipe.preprocessing,
        "unit": found.unit,
        "unit_meaning": unit_meaning(found.new.source.scale),
        "tie_jod": found.tie_jod,
        "noise": found.noise,
        "gates": beside_failed_folders(
            gate_strip([asdict(gate) for gate in gates]), n_failed_folders(found.new)
        ),
        "missing": missing_view(found.expected) if missing_lines(found.expected) else None,
        "notes": found.notes,
        "count": captures_counted(found),
        **device_boards(found, links),
        "heat": heat(found, titles, anchors),
        "heat_levels": range(-HEAT_LEVELS, HEAT_LEVELS + 1),
        "pairs": {kind: _pairs(found, shown, kind, titles) for kind in ("regression", "gain")},
        "n_regressions": len(found.regressions()),
        "lines": scene_lines(found, titles, links),
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
    """Title of each scene: from NEW's scene.toml, else BASE's, else the folder's name."""
    known: dict[str, str] = {}
    for run in (found.base, found.new):
        for name, scene in run.info.get("scenes", {}).items():
            known |= {name: scene["title"]} if scene.get("title") else {}
    return {row.scene: known.get(storable(row.scene), row.scene) for row in found.scenes}


def _pairs(
    found: Comparison, shown: Sequence[Shown], kind: str, titles: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "id": f"pair-{n}",
            "shown": pair,
            "label": pair.change.subject.label,
            "scene": titles[pair.change.scene],
            "sentence": words(found, pair.change),
            "verdict": pair.change.verdict,
            "what": pair.take[:1].upper() + pair.take[1:] if pair.take else "",
            "sides": (
                {"run": found.base_name, "shot": pair.base, "score": number(pair.base.score)},
                {"run": found.new_name, "shot": pair.new, "score": number(pair.new.score)},
            ),
        }
        for n, pair in enumerate(shown, 1)
        if pair.kind == kind
    ]


def _lost(found: Comparison) -> list[CaptureChange]:
    """Captures that BASE scored and NEW couldn't."""
    return [c for c in found.captures if c.base_status == "ok" and c.status == "failed"]


def _list(found: Comparison, change: str) -> list[CaptureChange]:
    return [capture for capture in found.captures if capture.change == change]
