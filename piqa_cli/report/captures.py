"""The page that lists every file found, with its outcome: what needs a look comes first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from piqa_cli.records.capture_row import CaptureRow, ScoredRow
from piqa_cli.report.fault_costs import loses_more_by
from piqa_cli.report.fault_profile import mean_scene_costs
from piqa_cli.report.portrait import focus
from piqa_cli.report.scene_gaps import SceneGaps, scene_gaps
from piqa_cli.report.site import Scene, Site
from piqa_cli.report.text import NONE, dimensions, number, signed
from piqa_cli.runs.capture_rows import column, rows_at
from piqa_cli.runs.pictures import PictureSource


@dataclass(frozen=True, slots=True)
class CaptureLine:
    """One file.

    Attributes:
        href: the scene's page, at this device.
        gap: its score minus the mean of the scene's devices, as text.
        loses_by: faults that cost it more than the scene's mean.
        thumb: file name in `pictures/`; None: there is none.
        focus: where the cropped thumbnail finds the face.
        score: the raw one, as text.
        gap_key, pixels: sort their columns, None where there is nothing.
    """

    path: str
    status: str
    scene: str
    href: str | None
    device: str
    take: str
    gap: str
    gap_key: float | None
    loses_by: str
    thumb: str | None
    focus: str
    score: str
    face: str
    size: str
    pixels: int | None
    remark: str


def capture_lines(
    site: Site, pictures: PictureSource, *, at_most: int | None = None
) -> tuple[CaptureLine, ...]:
    """Rows of the captures table: failed ones, skipped ones, then the worst gaps first.

    Args:
        site: the run.
        pictures: which the lines show.
        at_most: number of lines; None: every row has one.
    """
    gaps, rows = scene_gaps(site), site.run.tables.captures
    order = _order(rows, gaps)
    shown = len(rows) if at_most is None else at_most
    first = rows_at(rows, nsmallest(shown, range(len(rows)), order.__getitem__))
    scenes = dict.fromkeys(row.scene for row in first if row.scene in gaps)
    usual = {scene: mean_scene_costs(site, scene) for scene in scenes if scene is not None}
    return tuple(_line(site, row, gaps, usual, pictures) for row in first)


def _order(rows: Sequence[CaptureRow], gaps: Mapping[str, SceneGaps]) -> list[tuple[int, float]]:
    """Failed, skipped, scored; of the scored the furthest below their scene first."""
    columns = (column(rows, name) for name in ("status", "scene", "score"))
    places = {"failed": 0, "skipped": 1}
    return [
        (2, round(score - gaps[scene].mean, 6))
        if status == "ok" and scene in gaps
        else (places.get(status, 2), math.inf)
        for status, scene, score in zip(*columns, strict=True)
    ]


def _gap_of(row: CaptureRow, gaps: Mapping[str, SceneGaps]) -> float | None:
    """A capture's score minus the mean of its scene's devices; None: it has no such."""
    if not isinstance(row, ScoredRow) or row.scene not in gaps:
        return None
    return gaps[row.scene].of_capture(row)


def _line(
    site: Site,
    row: CaptureRow,
    gaps: Mapping[str, SceneGaps],
    usual: Mapping[str, Sequence[float] | None],
    pictures: PictureSource,
) -> CaptureLine:
    scene = site.scenes.get(row.scene or "")
    width, height = row.width_px, row.height_px
    scored = row if isinstance(row, ScoredRow) and row.scene in gaps else None
    gap = _gap_of(row, gaps)
    remarks = [row.reason and _reason(row), row.warning]
    return CaptureLine(
        path=row.path,
        status=row.status,
        scene=scene.title if scene else row.scene or NONE,
        href=_href(site, scene, row) if scene else None,
        device=_device(site, row),
        take=row.take or "",
        gap=signed(gap),
        gap_key=None if gap is None else round(gap, 6),
        loses_by=loses_more_by(scored, usual[scored.scene]) if scored else "",
        thumb=pictures.of(row.sha256, "320") if row.sha256 else None,
        focus=focus(row),
        score=number(row.score),
        face=_face(row),
        size=dimensions(width, height) or NONE,
        pixels=width * height if width and height else None,
        remark="; ".join(remark for remark in remarks if remark),
    )


def _href(site: Site, scene: Scene, row: CaptureRow) -> str:
    """The scene's page; where it shows the device, at this one."""
    page = site.competitors.get(site.key(row)) if isinstance(row, ScoredRow) else None
    return f"{scene.href}#{page.slug}" if page else scene.href


def _reason(row: CaptureRow) -> str:
    return f"{row.stage}: {row.reason}" if row.stage else row.reason or ""


def _device(site: Site, row: CaptureRow) -> str:
    if row.device is None:
        return NONE
    page = site.competitors.get(site.key_of(row.device, row.firmware))
    return page.label if page else row.device


def _face(row: CaptureRow) -> str:
    """Words for a capture's face: its source, and the detector's confidence."""
    if not isinstance(row, ScoredRow):
        return NONE
    if row.no_face:
        return "no face"
    if row.face_source == "given":
        return "given"
    sure = row.face_confidence
    several = f" of {row.n_faces}" if (row.n_faces or 0) > 1 else ""
    match = {"corrected": ", the scene's", "unclear": ", perhaps another person"}
    found = f"found{several}" + (f" ({sure:.2f})" if sure is not None else "")
    return found + match.get(row.face_match or "", "")
