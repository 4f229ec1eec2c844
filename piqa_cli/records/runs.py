"""A run in two records: the outcomes of its captures, and all that is made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from piqa_cli.acknowledge import parted_lines
from piqa_cli.capture_notes import paths_by_note
from piqa_cli.records.agreement import Agreement
from piqa_cli.records.captures import Discovery, FailedFolder
from piqa_cli.records.expected import Shortfall
from piqa_cli.records.gates import GateResult
from piqa_cli.records.models import ScoreSource
from piqa_cli.records.ranks import Ranking
from piqa_cli.records.recipe import Recipe
from piqa_cli.records.results import Failed, Given, Scored, Timing

AnyResult = Scored | Given | Failed
ResultT = TypeVar("ResultT", bound=AnyResult, covariant=True)


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of files by outcome; folders where captures are missing are among `failed`."""

    ok: int
    failed: int
    skipped: int
    ignored: int
    reused: int


@dataclass(frozen=True)  # without slots: it remembers what takes a pass over all results
class Findings(Generic[ResultT]):
    """Outcomes of the captures.

    Attributes:
        results: one for each capture, in the order given; of very many captures each is made when
            it is asked for (`records/on_demand.py`).
        source, recipe: what made the scores, and how.
        fingerprints: by capture path, where the file could be read; given scores have their own.
        timings: of the captures that were scored now.
        reused: how many scores came from the cache or from an equal file.
        warnings: one line each.
        hardware: the processor that scored; empty: nothing was scored now.
    """

    results: Sequence[ResultT]
    source: ScoreSource
    recipe: Recipe
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    timings: Sequence[Timing] = ()
    reused: int = 0
    warnings: Sequence[str] = ()
    hardware: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def failed(self) -> tuple[Failed, ...]:
        """Captures without a score, in order."""
        return tuple(result for result in self.results if isinstance(result, Failed))

    @cached_property
    def paths_by_note(self) -> Mapping[str, Sequence[str]]:
        """Paths of the captures with each note."""
        return paths_by_note(
            (result.capture.path, result.warning)
            for result in self.results
            if isinstance(result, Scored)
        )


@dataclass(frozen=True, slots=True)
class FurtherModel:
    """A model that scored the captures of a run beside the model that the run is of.

    Attributes:
        name, title: of the model.
        folder: its own run, relative to the folder of the run.
        ok, failed: captures that it scored, and that it could not.
        scores: by capture path.
    """

    name: str
    title: str
    folder: str
    ok: int
    failed: int
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RunContent:
    """All that a run writes beside its pictures, and reports at its end.

    Attributes:
        out: folder of the run.
        discovery: captures, skipped files and scenes.
        findings: outcomes of the captures.
        ranking: ranks and pairs, in the order in which pages show them.
        gates: results of the gates, shown on the first page.
        expected: what is missing of what was expected; None: nothing was expected.
        settings: shown on pages, so without host names and dates.
        provenance: command, versions, hardware, dates, duration; never shown on pages.
        report: first page, once it is written.
        notes: line on the notes that were taken along from the run before; empty: there are none.
        seconds: wall time by stage, in their order, once all have ended.
        further: models that scored the same captures, each with a run of its own.
        agreement: of all models of the run; empty where one scored.
        part_of: the run whose further model this one is of, relative to its folder; None: of none.
    """

    out: Path
    discovery: Discovery
    findings: Findings[AnyResult]
    ranking: Ranking
    gates: Sequence[GateResult] = ()
    expected: Shortfall | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    report: Path | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    further: Sequence[FurtherModel] = ()
    agreement: Sequence[Agreement] = ()
    part_of: str | None = None
    notes: str = ""

    @property
    def failed(self) -> tuple[FailedFolder | Failed, ...]:
        """Folders where captures are missing, then captures without a score, each in order."""
        return (*self.discovery.folders, *self.findings.failed)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Lines on what is missing, of the search and of scoring, shown on the first page."""
        return (*self._missing, *self.discovery.warnings, *self.findings.warnings)

    @property
    def _missing(self) -> tuple[str, ...]:
        return self.expected.lines if self.expected else ()

    @property
    def open_missing(self) -> tuple[str, ...]:
        """The lines on what is missing that the lab doesn't know."""
        return tuple(line for line in self.open_warnings if line in self._missing)

    @property
    def open_warnings(self) -> tuple[str, ...]:
        """The warnings that the lab doesn't know."""
        return self._parted()[0]

    @property
    def acknowledged(self) -> tuple[str, ...]:
        """The warnings that the lab knows and accepts."""
        return self._parted()[1]

    def _parted(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        patterns = self.settings.get("acknowledge", ())
        return parted_lines(self.warnings, patterns, self.findings.paths_by_note)

    @property
    def counts(self) -> Counts:
        """Number of files by what became of them."""
        failed = len(self.failed)
        return Counts(
            ok=len(self.findings.results) - failed + len(self.discovery.folders),
            failed=failed,
            skipped=len(self.discovery.skipped),
            ignored=self.discovery.ignored,
            reused=self.findings.reused,
        )
