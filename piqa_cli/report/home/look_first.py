"""The captures to look at first: those furthest below their scene, with what they lose by."""

from __future__ import annotations

from dataclasses import dataclass

from piqa_cli.records import Competitor
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.report.fault_costs import why
from piqa_cli.report.fault_profile import mean_scene_costs
from piqa_cli.report.scene_gaps import SceneGaps, scene_gaps
from piqa_cli.report.site import CompetitorPage, Scene, Site
from piqa_cli.report.text import signed
from piqa_cli.runs.pictures import PictureSource

_SHOWN = 6
_OF_A_DEVICE = 2  # more of one device say what its page says


@dataclass(frozen=True, slots=True)
class FirstLook:
    """One capture that is far below its scene.

    Attributes:
        competitor, scene, path: whose, where and which.
        gap: its score minus the mean of the scene's devices, as text.
        why: what its faults cost, in words; may be empty.
        picture: file name in `pictures/`: of the face, else of the whole; None: there is none.
        href: this device on the scene's page, whose viewer shows it beside the best.
    """

    competitor: CompetitorPage
    scene: Scene
    path: str
    gap: str
    why: str
    picture: str | None
    href: str


def first_looks(site: Site, pictures: PictureSource) -> tuple[FirstLook, ...]:
    """At most six captures, the furthest below the mean of their scene's devices first.

    One of a device in a scene and two of a device; none that is less than a tie below.
    """
    found = scene_gaps(site)
    worst = sorted(
        (item for scene in found for item in _worst(site, found[scene])), key=lambda item: item[0]
    )
    shown: list[FirstLook] = []
    times: dict[Competitor, int] = {}
    for gap, key, scene, row in worst:
        times[key] = times.get(key, 0) + 1
        if gap < -site.tie and times[key] <= _OF_A_DEVICE and len(shown) < _SHOWN:
            shown.append(_look(site, found[scene], key, row, gap, pictures))
    return tuple(shown)


def _worst(site: Site, gaps: SceneGaps) -> list[tuple[float, Competitor, str, ScoredRow]]:
    """The worst capture of every device of a scene; nothing where only one is there."""
    if len(gaps.rows) < 2:
        return []
    rows = [row for row in site.captures[gaps.scene.name] if isinstance(row, ScoredRow)]
    lowest: dict[Competitor, ScoredRow] = {}
    for row in rows:
        key = site.key(row)
        if key in gaps.rows and (key not in lowest or row.score < lowest[key].score):
            lowest[key] = row
    return [(gaps.of_capture(row), key, gaps.scene.name, row) for key, row in lowest.items()]


def _look(
    site: Site,
    gaps: SceneGaps,
    key: Competitor,
    row: ScoredRow,
    gap: float,
    pictures: PictureSource,
) -> FirstLook:
    own = site.competitors[key]
    return FirstLook(
        competitor=own,
        scene=gaps.scene,
        path=row.path,
        gap=signed(gap),
        why=why(row, mean_scene_costs(site, gaps.scene.name)),
        picture=pictures.face_of(row) or pictures.of(row.sha256, "320"),
        href=f"{gaps.scene.href}#{own.slug}",
    )
