"""The page that lists every file found, with its outcome."""

from __future__ import annotations

from dataclasses import dataclass

from piqa_cli.records.capture_row import CaptureRow, ScoredRow
from piqa_cli.report.site import Site
from piqa_cli.report.text import NONE, dimensions, number


@dataclass(frozen=True, slots=True)
class CaptureLine:
    """One file; `score_key` and `pixels` sort their columns, None where there is nothing."""

    path: str
    status: str
    scene: str
    href: str | None
    device: str
    take: str
    score: str
    score_key: float | None
    face: str
    size: str
    pixels: int | None
    remark: str


def capture_lines(site: Site) -> tuple[CaptureLine, ...]:
    """Every row of the captures table, in its order."""
    return tuple(_line(site, row) for row in site.run.tables.captures)


def _line(site: Site, row: CaptureRow) -> CaptureLine:
    scene = site.scenes.get(row.scene or "")
    width, height = row.width_px, row.height_px
    remarks = [row.reason and _reason(row), row.warning]
    return CaptureLine(
        path=row.path,
        status=row.status,
        scene=scene.title if scene else row.scene or NONE,
        href=scene.href if scene else None,
        device=_device(site, row),
        take=row.take or "",
        score=number(row.score),
        score_key=row.score,
        face=_face(row),
        size=dimensions(width, height) or NONE,
        pixels=width * height if width and height else None,
        remark="; ".join(remark for remark in remarks if remark),
    )


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
