"""The content of a run whose ranks are real: made from literal scores by the ranking itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from piqa_cli.rank.ranking import rank_captures
from piqa_cli.rank.records import Rules, ScoredCapture
from piqa_cli.records import Competitor, Exif, RunContent, Scored
from piqa_cli.report.site import Site, open_site
from piqa_cli.runs.folder import prepare_out, write_run
from piqa_cli.runs.table_set import load_run
from tests.runs.samples import content, scored

Scores = Mapping[str, Mapping[str, Sequence[float]]]

LAB: Scores = {
    "Bar": {"Aster": (2.0, 2.2), "Birch": (1.0, 1.4), "Cedar": (0.9, 0.7)},
    "Hall": {"Aster": (3.1, 2.9), "Birch": (3.0, 3.4), "Cedar": (1.0,)},
    "Park": {"Aster": (-1.0, -1.1), "Birch": (-2.0, -1.8)},
    "Quay": {"Aster": (0.6, 0.4), "Birch": (0.1, 0.3), "Cedar": (0.0, 0.2)},
}
"""Three devices; Cedar has one take in the Hall and none in the Park."""

CONDITIONS = {"Bar": "Night", "Hall": "Indoor", "Park": "Outdoor", "Quay": "Night"}


def ranked_content(
    scores: Scores = LAB,
    *,
    conditions: Mapping[str, str] = CONDITIONS,
    reference: str | None = None,
    exif: Mapping[str, Exif] | None = None,
    **changes: object,
) -> RunContent:
    """Every scene x device with its takes.

    Args:
        scores: by scene and device.
        conditions: of the scenes.
        reference: whom gaps are against.
        exif: by device.
        changes: of anything else.
    """
    results = [
        _with(scored(scene, device, score, take=take), conditions.get(scene), exif or {})
        for scene, devices in scores.items()
        for device, own in devices.items()
        for take, score in enumerate(own, 1)
    ]
    captures = [
        ScoredCapture(
            path=r.capture.path,
            scene=r.capture.scene,
            device=r.capture.device,
            score=r.prediction.score,
            condition=r.capture.condition,
        )
        for r in results
    ]
    who = Competitor(reference, None) if reference else None
    ranking = rank_captures(captures, rules=Rules(0.3, 1.0, who))
    base: dict[str, object] = {
        "results": results,
        "scene_ranks": ranking.scenes,
        "device_ranks": ranking.devices,
        "pairs": ranking.pairs,
        "settings": {"rank": {"tie_jod": 0.3, "reference": reference}},
    }
    return content(**{**base, **changes})


def _with(result: Scored, condition: str | None, exif: Mapping[str, Exif]) -> Scored:
    capture = replace(result.capture, condition=condition)
    facts = result.facts
    if capture.device in exif:
        facts = replace(facts, exif=exif[capture.device])
    return replace(result, capture=capture, facts=facts)


def ranked_site(folder: Path, **changes: object) -> Site:
    """Writes such a run into a folder and opens it as pages do."""
    prepare_out(folder)
    write_run(ranked_content(out=folder, **changes))  # type: ignore[arg-type]
    return open_site(load_run(folder))
