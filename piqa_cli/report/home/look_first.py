"""The captures to look at first: those furthest below their scene, with what they lose by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from piqa_cli.records import Competitor
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.report.fault_costs import why
from piqa_cli.report.fault_profile import mean_scene_costs
from piqa_cli.report.portrait import focus
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
        focus: where a cropped picture finds the face.
        href: this device on the scene's page, whose viewer shows it beside the best.
    """

    competitor: CompetitorPage
    scene: Scene
    path: str
    gap: str
    why: str
    picture: str | None
    focus: str
    href: str


def first_looks(site: Site, pictures: PictureSource) -> tuple[FirstLook, ...]:
    """At most six captures, the furthest below the mean of their scene's devices first.

    One of a device in a scene and two of a device; none that is less than a tie below.
    """
    found = scene_gaps(site)
    worst = sorted(
        (item for scene in found for item in _worst(found[scene])), key=lambda item: item[0]
    )
    shown: list[FirstLook] = []
    times: Counter[Competitor] = Counter()
    for gap, key, scene in worst:
        if gap >= -site.tie or len(shown) == _SHOWN:
            break
        times[key] += 1
        row = _row(site, found[scene], key) if times[key] <= _OF_A_DEVICE else None
        if row is not None:
            shown.append(_look(site, found[scene], row, gap, pictures))
    return tuple(shown)


def _worst(gaps: SceneGaps) -> Iterator[tuple[float, Competitor, str]]:
    """Gap of each device's worst capture to its scene; nothing where only one device is there."""
    if len(gaps.rows) > 1:
        for key, rank in gaps.rows.items():
            yield rank.worst_score - gaps.mean, key, gaps.scene.name


def _row(site: Site, gaps: SceneGaps, key: Competitor) -> ScoredRow | None:
    """The worst capture of a device in a scene, the first of equals; None: it isn't listed."""
    rows = site.captures[gaps.scene.name]
    own = [row for row in rows if isinstance(row, ScoredRow) and site.key(row) == key]
    return min(own, key=lambda row: row.score, default=None)


def _look(
    site: Site,
    gaps: SceneGaps,
    row: ScoredRow,
    gap: float,
    pictures: PictureSource,
) -> FirstLook:
    own = site.competitor(row)
    face = pictures.face_of(row)
    return FirstLook(
        competitor=own,
        scene=gaps.scene,
        path=row.path,
        gap=signed(gap),
        why=why(row, mean_scene_costs(site, gaps.scene.name)),
        picture=face or pictures.of(row.sha256, "320"),
        focus="" if face else focus(row),
        href=f"{gaps.scene.href}#{own.slug}",
    )
