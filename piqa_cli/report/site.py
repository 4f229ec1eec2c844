"""A run seen as pages: its competitors and scenes, in their order, under their names."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from piqa_cli.records import Competitor, DeviceRank, Region, SceneRank, ScoredBy
from piqa_cli.records.capture_row import TriedRow
from piqa_cli.records.ranks import FaultEffect
from piqa_cli.records.units import unit_meaning, unit_word
from piqa_cli.report.slugs import slugs
from piqa_cli.runs.capture_rows import by_scene, column, explained_by, is_capture, tally
from piqa_cli.runs.table_set import Run
from piqa_cli.schema import Column

OwnedRow = TriedRow | SceneRank | DeviceRank | FaultEffect
"""A row of a table that belongs to one competitor."""


@dataclass(frozen=True, slots=True)
class CompetitorPage:
    """A competitor and where its page is.

    Attributes:
        who: the device, with its firmware where firmwares compete.
        slug: its anchor.
        href: its page, relative to `report/`.
    """

    who: Competitor
    slug: str
    href: str

    @property
    def name(self) -> str:
        """Name in the tables, where a reference stands by it."""
        return self.who.name

    @property
    def label(self) -> str:
        """Name on pages."""
        return self.who.label


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene and its page; `href` is relative to `report/`."""

    name: str
    title: str
    condition: str | None
    notes: str | None
    href: str
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """Data shared by all pages of a report.

    Attributes:
        run: tables and run.json.
        competitors: in the order of the overall ranking, the unranked last.
        scenes: in the order of the captures.
        captures: rows of the captures table by scene; skipped files aside.
        tried, failed: numbers of captures by scene and competitor: all, and those without a score.
        ranks: rows of scene_ranks by scene, best first.
        scored_by: a model, observers, or whoever made the scores that were given.
        unit: of the scores, in one word.
        unit_meaning: what that is, in a sentence.
        with_firmware: whether firmwares compete with each other.
        tie_jod: gaps below it are ties; None: the run doesn't record it.
        tie: the same in score units; 0 where that can't be known.
        states_faults: whether the model says what faults cost.
    """

    run: Run
    competitors: dict[Competitor, CompetitorPage]
    scenes: dict[str, Scene]
    captures: Mapping[str, Sequence[TriedRow]]
    tried: Counter[tuple[str, Competitor]]
    failed: Counter[tuple[str, Competitor]]
    ranks: dict[str, list[SceneRank]]
    scored_by: ScoredBy
    unit: str
    unit_meaning: str
    with_firmware: bool
    tie_jod: float | None
    tie: float
    states_faults: bool

    @property
    def given(self) -> bool:
        """True if the scores were given: then no picture was read, and none can be shown."""
        return self.scored_by != "model"

    @property
    def hides_scores(self) -> bool:
        """True if pages show neither ranks nor scores: those of a blind panel."""
        return bool(self.run.info.get("scores_hidden"))

    @property
    def reference(self) -> str | None:
        """Name of the device that gaps are against; None: the league's mean."""
        return next((row.reference for row in self.run.tables.device_ranks if row.reference), None)

    @property
    def captured(self) -> str:
        """First and last day of the captures, by the cameras' clocks; empty: none is known."""
        days = sorted(
            {at[:10] for at in column(self.run.tables.captures, "exif_captured_at") if at}
        )
        return " to ".join(dict.fromkeys((days[0], days[-1]))) if days else ""

    @property
    def title(self) -> str:
        """Title of the run: the one that it was given, else the name of what was ranked."""
        settings = self.run.info["settings"]
        find, given = settings.get("find", {}), settings.get("given", {})
        place = find.get("manifest") or find.get("root") or given.get("file") or ""
        return settings.get("title") or PurePath(place).name

    def key(self, row: OwnedRow) -> Competitor:
        """The competitor that a row of any table belongs to."""
        return self.key_of(row.device, row.firmware)

    def key_of(self, device: str, firmware: str | None) -> Competitor:
        """The competitor of a device with a firmware."""
        return Competitor(device, firmware if self.with_firmware else None)

    def competitor(self, row: OwnedRow) -> CompetitorPage:
        """The competitor that a row of any table belongs to."""
        return self.competitors[self.key(row)]

    def overall(self) -> list[DeviceRank]:
        """The overall ranking: by league, then rank."""
        return [row for row in self._over_scenes() if row.has_rank]

    def unranked(self) -> list[DeviceRank]:
        """Devices with scores in too few scenes or captures for a rank."""
        return [row for row in self._over_scenes() if not row.has_rank]

    def _over_scenes(self) -> list[DeviceRank]:
        return ranked(row for row in self.run.tables.device_ranks if row.condition is None)

    def scene_order(self, scene: Scene) -> list[SceneRank]:
        """The rows of scene_ranks for a scene, best first."""
        return self.ranks.get(scene.name, [])


def open_site(run: Run) -> Site:
    """Orders and names what a run holds."""
    tie_jod = run.info["settings"].get("rank", {}).get("tie_jod")
    with_firmware = any(row.firmware is not None for row in run.tables.device_ranks)
    tried, failed = _counts(run, with_firmware)
    captures = by_scene(run.tables.captures)
    return Site(
        run=run,
        competitors=_competitors(run, tried, with_firmware),
        scenes=_scenes(run, captures),
        captures=captures,
        tried=tried,
        failed=failed,
        ranks=_by_rank(run.tables.scene_ranks),
        scored_by=run.source.scored_by,
        unit=unit_word(run.source.scale),
        unit_meaning=unit_meaning(run.source.scale),
        with_firmware=with_firmware,
        tie_jod=tie_jod,
        tie=(tie_jod or 0.0) / (run.source.jod_per_unit or math.inf),
        states_faults=explained_by(run.tables.captures, "fault_costs"),
    )


_ByCell = Counter[tuple[str, Competitor]]


def _counts(run: Run, with_firmware: bool) -> tuple[_ByCell, _ByCell]:
    """Numbers of captures by scene and competitor: all, and those without a score."""
    tried: _ByCell = Counter()
    failed: _ByCell = Counter()
    names = ("status", "stage", "scene", "device", "firmware")
    for (status, stage, scene, device, firmware), n in tally(run.tables.captures, *names).items():
        if is_capture(status, stage):
            cell = scene, Competitor(device, firmware if with_firmware else None)
            tried[cell] += n
            if status == "failed":
                failed[cell] += n
    return tried, failed


def by_competitor(counts: Mapping[tuple[str, Competitor], int]) -> Counter[Competitor]:
    """Numbers of captures by scene and competitor, over all scenes."""
    total: Counter[Competitor] = Counter()
    for (_, key), n in counts.items():
        total[key] += n
    return total


def ranked(rows: Iterable[DeviceRank]) -> list[DeviceRank]:
    """Rows of device_ranks by league, then rank, the unranked last; equal ones keep their order."""
    return sorted(rows, key=lambda row: (not row.has_rank, row.league, row.rank))


def _by_rank(rows: Iterable[SceneRank]) -> dict[str, list[SceneRank]]:
    scenes: dict[str, list[SceneRank]] = {}
    for row in sorted(rows, key=lambda row: row.rank):
        scenes.setdefault(row.scene, []).append(row)
    return scenes


def _competitors(
    run: Run, tried: Iterable[tuple[str, Competitor]], with_firmware: bool
) -> dict[Competitor, CompetitorPage]:
    overall = ranked(row for row in run.tables.device_ranks if row.condition is None)
    ranks = [Competitor(row.device, row.firmware if with_firmware else None) for row in overall]
    keys = dict.fromkeys([*ranks, *(who for _, who in tried)])
    names = slugs(key.label for key in keys)
    return {
        key: CompetitorPage(
            who=key, slug=f"d-{names[key.label]}", href=f"device-{names[key.label]}.html"
        )
        for key in keys
    }


def _scenes(run: Run, names: Iterable[str]) -> dict[str, Scene]:
    conditions: dict[str, str | None] = {}
    of_rows = tally(run.tables.captures, "status", "stage", "scene", "condition")
    for status, stage, scene, condition in of_rows:
        if is_capture(status, stage):
            conditions.setdefault(scene, condition)
    known: Mapping[str, Mapping[str, Any]] = run.info.get("scenes", {})
    places = slugs(names)
    scenes = {}
    for name in names:
        facts = known.get(name, {})
        scenes[name] = Scene(
            name=name,
            title=facts.get("title") or name,
            condition=facts.get("condition") or conditions[name],
            notes=facts.get("notes"),
            href=f"scenes/{places[name]}.html",
            regions=tuple(Region(**region) for region in facts.get("regions", ())),
        )
    return scenes


def heading(of: Column) -> str:
    """Heading of a column on pages."""
    return of.heading or of.name
