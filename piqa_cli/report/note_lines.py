"""Notes where they belong: on the page of their scene, of their device, and on the first page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from piqa_cli.records import Competitor
from piqa_cli.records.capture_row import TriedRow
from piqa_cli.report.site import CompetitorPage, Scene, Site
from piqa_cli.runs.notes import STATES, Note, State


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One note on pages.

    Attributes:
        scene: which it is about; None: all.
        competitor: the same for the device.
        href: where it belongs: the device in the scene, or either's page; None: the whole run.
        take, region, text, who: as written.
        state: open, known or fixed.
    """

    scene: Scene | None
    competitor: CompetitorPage | None
    href: str | None
    take: str
    region: str
    text: str
    who: str
    state: State


def note_lines(site: Site) -> tuple[NoteLine, ...]:
    """The notes on scenes and devices of the run, the open ones first."""
    lines = [line for note in site.run.notes.notes for line in _lines(site, note)]
    return tuple(sorted(lines, key=lambda line: STATES.index(line.state)))


def strays(site: Site) -> int:
    """Number of notes on scenes or devices that the run doesn't have."""
    return sum(not any(_lines(site, note)) for note in site.run.notes.notes)


def of_scene(lines: Iterable[NoteLine], scene: Scene) -> tuple[NoteLine, ...]:
    """The notes on a scene, or on a device in it."""
    return tuple(line for line in lines if line.scene == scene)


def of_device(lines: Iterable[NoteLine], competitor: CompetitorPage) -> tuple[NoteLine, ...]:
    """The notes on a device, in any scene."""
    return tuple(line for line in lines if line.competitor == competitor)


def of_capture(
    lines: Iterable[NoteLine], competitor: CompetitorPage, row: TriedRow, *, place: int
) -> tuple[NoteLine, ...]:
    """The notes of a scene that stand at one capture.

    Args:
        lines: of the scene.
        competitor: whose capture it is.
        row: the capture.
        place: of the capture among the device's, from 0: notes without a take stand at the first.
    """
    names = {row.take or str(place + 1), row.path, row.path.rpartition("/")[2]}
    return tuple(
        line
        for line in lines
        if line.competitor == competitor and (line.take in names or (not place and not line.take))
    )


def _lines(site: Site, note: Note) -> list[NoteLine]:
    """A note on every firmware of its device, or one; none where it isn't of this run."""
    scene = site.scenes.get(note.scene)
    if note.scene and scene is None:
        return []
    if not note.device:
        return [_line(note, scene, None)]
    return [
        _line(note, scene, page)
        for key, page in site.competitors.items()
        if note.device in _names(key)
    ]


def _names(key: Competitor) -> tuple[str, ...]:
    return key.device, key.name, key.label


def _line(note: Note, scene: Scene | None, page: CompetitorPage | None) -> NoteLine:
    href = page.href if page else None
    if scene:
        href = f"{scene.href}#{page.slug}" if page else scene.href
    return NoteLine(scene, page, href, note.take, note.region, note.text, note.who, note.state)
