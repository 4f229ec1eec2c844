"""The page of one device: its rank, its scenes, and its camera's EXIF."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from piqa_cli.acknowledge import is_acknowledged
from piqa_cli.capture_notes import paths_by_note
from piqa_cli.records import Competitor, DeviceRank, PairRank
from piqa_cli.records.capture_row import ScoredRow, TriedRow
from piqa_cli.report.builds import builds
from piqa_cli.report.device.best_and_worst import Extremes, extremes
from piqa_cli.report.device.exif import CameraView, Quantity, camera_view, quantities
from piqa_cli.report.device.scenes import DeviceScenes, device_scenes
from piqa_cli.report.device.standing import (
    Rankings,
    StandingView,
    rankings,
    standing_view,
    unranked_words,
    verdict_words,
)
from piqa_cli.report.device.takes import TakesView, takes_view
from piqa_cli.report.fault_profile import (
    Profiles,
    ProfileView,
    mean_scene_costs,
    profile_view,
    profiles,
)
from piqa_cli.report.note_lines import NoteLine, note_lines, of_device
from piqa_cli.report.pairs.table import PairTable, key_a, key_b, overall_pairs, pair_table
from piqa_cli.report.scene_gaps import SceneGaps, scene_gaps
from piqa_cli.report.site import CompetitorPage, Site
from piqa_cli.report.source_wording import PREFERENCE, prefers
from piqa_cli.report.text import counted
from piqa_cli.report.warning_lines import WarningLine, acknowledged_patterns, warning_lines
from piqa_cli.runs.capture_rows import column, rows_at
from piqa_cli.runs.pictures import PictureSource

_NEIGHBOURS = 3  # neighbours in rank on either side that the page compares the device with


@dataclass(frozen=True, slots=True)
class DeviceView:
    """Everything that a device's page shows.

    Attributes:
        competitor: the device of the page.
        build: of the device, in words; empty: none is known.
        previous, next: the better and the worse in rank.
        detail: its place in a sentence.
        standing: overall and by condition.
        faults: what it loses by; None: the model knows no faults.
        preferred: how the preference is called, and what it is; None: there is none.
        scenes: rank and gap in each.
        rivals: the reference and the neighbours in rank; None: it has none.
        extremes: best and worst captures.
        takes: how repeatable it is; None: no scene has two takes of it.
        camera: EXIF.
        warnings: each with how many captures it is of.
        failed: captures without a score.
        notes: of people on the device.
    """

    competitor: CompetitorPage
    build: str
    previous: CompetitorPage | None
    next: CompetitorPage | None
    detail: str
    standing: StandingView
    faults: ProfileView | None
    preferred: tuple[str, str] | None
    scenes: DeviceScenes
    rivals: PairTable | None
    extremes: Extremes
    takes: TakesView | None
    camera: CameraView
    warnings: tuple[WarningLine, ...]
    failed: tuple[TriedRow, ...]
    notes: tuple[NoteLine, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """Data shared by all pages of devices, computed once."""

    captures: Mapping[Competitor, Sequence[TriedRow]]
    builds: Mapping[Competitor, str]
    scenes: Mapping[str, SceneGaps]
    usual: Mapping[str, Sequence[float] | None]
    profiles: Profiles
    rankings: Rankings
    overall: Sequence[DeviceRank]
    unranked: Sequence[DeviceRank]
    pairs: Mapping[Competitor, Sequence[PairRank]]
    quantities: Sequence[Quantity]
    warnings: Sequence[WarningLine]
    known: Sequence[str]
    notes: Sequence[NoteLine]


def device_views(
    site: Site, pictures: PictureSource, *, of: Container[str] | None = None
) -> Iterator[DeviceView]:
    """The pages of devices, best first; `of` names those that are made, None: all."""
    made = [key for key, page in site.competitors.items() if of is None or page.href in of]
    if not made:
        return
    field = _field(site, made)
    keys: list[Competitor | None] = [None, *site.competitors, None]
    for before, key, after in zip(keys, keys[1:], keys[2:], strict=False):
        if key is not None and (of is None or site.competitors[key].href in of):
            yield _device_view(site, field, key, (before, after), pictures)


def _field(site: Site, made: Iterable[Competitor]) -> _Field:
    """Data that the pages of some devices need."""
    return _Field(
        captures=_captures(site, made),
        builds=builds(site),
        scenes=scene_gaps(site),
        usual={scene: mean_scene_costs(site, scene) for scene in site.captures},
        profiles=profiles(site),
        rankings=rankings(site),
        overall=site.overall(),
        unranked=site.unranked(),
        pairs=_near(site),
        quantities=quantities(site),
        warnings=warning_lines(site),
        known=acknowledged_patterns(site),
        notes=note_lines(site),
    )


def _captures(site: Site, made: Iterable[Competitor]) -> dict[Competitor, list[TriedRow]]:
    """Captures of some devices, each by scene in the order of pages."""
    found: dict[Competitor, list[TriedRow]] = {key: [] for key in made}
    rows = site.run.tables.captures
    names = zip(column(rows, "device"), column(rows, "firmware"), strict=True)
    own = {who for who in set(names) if who[0] is not None and site.key_of(*who) in found}
    names = zip(column(rows, "device"), column(rows, "firmware"), strict=True)
    for row in rows_at(rows, [place for place, who in enumerate(names) if who in own]):
        if isinstance(row, TriedRow):
            found[site.key(row)].append(row)
    scenes = {scene: place for place, scene in enumerate(site.scenes)}
    return {key: sorted(of, key=lambda row: scenes[row.scene]) for key, of in found.items()}


def _near(site: Site) -> dict[Competitor, list[PairRank]]:
    """Pairs of each device with the reference and with its neighbours in rank."""
    places = {site.key(row): place for place, row in enumerate(site.overall())}
    found: dict[Competitor, list[PairRank]] = {key: [] for key in site.competitors}
    for row in overall_pairs(site):
        a, b = key_a(site, row), key_b(site, row)
        near = abs(places[a] - places[b]) <= _NEIGHBOURS
        for own, other in ((a, b), (b, a)):
            if near or site.competitors[other].name == site.reference:
                found[own].append(row)
    return found


def _device_view(
    site: Site,
    field: _Field,
    key: Competitor,
    neighbours: tuple[Competitor | None, Competitor | None],
    pictures: PictureSource,
) -> DeviceView:
    captures = field.captures[key]
    cells: dict[str, list[ScoredRow]] = {}
    for row in captures:
        if isinstance(row, ScoredRow):
            cells.setdefault(row.scene, []).append(row)
    rank = next((row for row in field.overall if site.key(row) == key), None)
    pairs = field.pairs[key]
    before, after = (site.competitors[near] if near else None for near in neighbours)
    return DeviceView(
        competitor=site.competitors[key],
        build=field.builds[key],
        previous=before,
        next=after,
        detail=_detail(site, field, key, rank, len(captures)),
        standing=standing_view(site, field.rankings, key),
        faults=profile_view(site, field.profiles, key),
        preferred=_preferred(site, rank),
        scenes=device_scenes(site, key, captures, found=field.scenes),
        rivals=pair_table(site, pairs, first=key) if pairs else None,
        extremes=extremes(cells, field.scenes, usual=field.usual, pictures=pictures),
        takes=takes_view(site, [*field.overall, *field.unranked], key),
        camera=camera_view(site, key, captures, known=field.quantities),
        warnings=_warnings(captures, field.warnings, field.known),
        failed=tuple(row for row in captures if row.status == "failed"),
        notes=of_device(field.notes, site.competitors[key]),
    )


def _detail(
    site: Site, field: _Field, key: Competitor, rank: DeviceRank | None, n_captures: int
) -> str:
    row = next((row for row in field.unranked if site.key(row) == key), None)
    if row is not None:
        return unranked_words(row)
    if rank is None:
        return f"None of {counted(n_captures, 'capture')} has a score, so it has no rank."
    return verdict_words(site, rank, field.rankings[None, rank.league])


def _preferred(site: Site, rank: DeviceRank | None) -> tuple[str, str] | None:
    if rank is None or rank.preference is None or rank.reference is not None:
        return None
    return PREFERENCE[site.scored_by], prefers(site.scored_by, None)


def _warnings(
    captures: Sequence[TriedRow], of_run: Sequence[WarningLine], known: Sequence[str]
) -> tuple[WarningLine, ...]:
    """Warnings about a device's captures, each once, and the run's that name one of them.

    What the lab knows stands on the first page alone.
    """
    paths = {row.path for row in captures}
    noted = paths_by_note((row.path, row.warning) for row in captures)
    own = []
    for note, files in noted.items():
        rest = [path for path in files if not is_acknowledged(f"{path}: {note}", known)]
        if rest:
            more = f" and {len(rest) - 1} more" if len(rest) > 1 else ""
            own.append(WarningLine(rest[0], more, note))
    said = {line.text for line in own}
    return (*own, *(line for line in of_run if line.path in paths and line.text not in said))
