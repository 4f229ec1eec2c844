"""First and last steps of every run: checks; then ranks, gates, tables and pages.

They are the same whether a model made the scores or a file held them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from piqa_cli.discover.aliases import Aliases
from piqa_cli.discover.near_names import ranking_warning
from piqa_cli.discover.only_exclude import parse_chooser
from piqa_cli.errors import PiqaError
from piqa_cli.expect.expectation import Expectation, open_expectation, sightings_of_results
from piqa_cli.gates.ranking import judge_ranking
from piqa_cli.models.installed import COMBINED
from piqa_cli.provenance import provenance, utc_now
from piqa_cli.rank.agreement import agreements
from piqa_cli.rank.ranking import rank_captures
from piqa_cli.rank.records import Rules, ScoredCapture
from piqa_cli.rank.reference import find_reference
from piqa_cli.records import (
    Box,
    Competitor,
    Discovery,
    Failed,
    Findings,
    FurtherModel,
    Given,
    Ranking,
    RunContent,
    Scored,
    ScoreSource,
)
from piqa_cli.records.expected import Shortfall
from piqa_cli.records.runs import AnyResult
from piqa_cli.report.render import render_report
from piqa_cli.runs.folder import (
    MODELS,
    PART_OF,
    PICTURES,
    drop_older_views,
    drop_other_models,
    prepare_out,
    write_run,
)
from piqa_cli.runs.log import StageWatch
from piqa_cli.runs.notes import carry_notes
from piqa_cli.runs.pictures import prune_pictures
from piqa_cli.runs.table_set import is_run
from piqa_cli.settings import RunSettings


@dataclass(frozen=True, slots=True)
class Clock:
    """Start of a run: for people, and for its duration."""

    started_at: str
    start: float

    @classmethod
    def started(cls) -> Clock:
        """A clock that starts now."""
        return cls(utc_now(), time.perf_counter())


@dataclass(frozen=True, slots=True)
class Begun:
    """A run whose captures are found: all that the runs of its models share beside settings.

    Attributes:
        discovery: captures and other files.
        reference: whom gaps are against; None: the league's mean.
        expectation: what the run must have; None: nothing is expected.
        clock: start of the run.
        watch: is called when a stage has ended.
    """

    discovery: Discovery
    reference: Competitor | None
    expectation: Expectation | None
    clock: Clock
    watch: StageWatch

    def note_captures(self) -> None:
        """Notes that the captures are found, with their numbers."""
        found = self.discovery
        self.watch.ended(
            "discover",
            captures=len(found.captures),
            skipped=len(found.skipped),
            ignored=found.ignored,
        )


def begin(settings: RunSettings, discovery: Discovery, clock: Clock, watch: StageWatch) -> Begun:
    """Checks what `settings` name beside the captures, before anything is made.

    Raises:
        PiqaError: the reference is no device, or what is expected can't be read.
    """
    reference = reference_of(discovery, settings)
    expectation = open_expectation(settings.expect, settings.find.devices)
    return Begun(discovery, reference, expectation, clock, watch)


def finish(
    settings: RunSettings,
    begun: Begun,
    findings: Findings[AnyResult],
    *,
    further: Sequence[Findings[AnyResult]] = (),
) -> RunContent:
    """Ranks what was scored and writes the run, once its folder is ours.

    Args:
        settings: settings of the run.
        begun: the run as it began.
        findings: outcomes of the captures.
        further: outcomes of the same captures by further models; each gets a run of its own in
            `models/NAME/`.

    Raises:
        PiqaError: nothing could be scored (an earlier run in the folder stands), or the folder
            can't be written.
    """
    _spare_the_last_run(settings.out, findings)
    discovery, watch = begun.discovery, begun.watch
    content = _unranked(settings, discovery, findings)
    counts = content.counts
    several: dict[str, Any] = {}
    if further:
        several["models"] = [one.source.name for one in (findings, *further)]
        several["networks"] = findings.hardware.get("networks", "none: all was known")
    watch.ended("score", ok=counts.ok, failed=counts.failed, reused=counts.reused, **several)
    content = _ranked(content, settings, begun)
    parts = [_part(settings, one, begun) for one in further]
    ranking = content.ranking
    watch.ended("rank", scene_ranks=len(ranking.scenes), device_ranks=len(ranking.devices))
    content = _judged(with_further(content, parts), settings, begun)
    for part in parts:
        prepare_out(part.out)
        write_run(part, csv=settings.csv)
    write_run(content, csv=settings.csv)
    drop_other_models(settings.out, {part.out.name for part in parts})
    all_findings = (findings, *further)
    if (pictures := settings.out / PICTURES).is_dir():
        shown = set().union(*(_shown(one.results) for one in all_findings))
        faces = (face for one in all_findings for face in _faces(one.results))
        prune_pictures(pictures, shown, settings.pictures, faces=faces)
    for folder in (*(part.out for part in parts), settings.out):
        drop_older_views(folder)
    notes = _take_notes_along(settings, discovery)
    watch.ended("write")
    for part in parts:
        render_report(part.out)
    report = render_report(settings.out)
    watch.ended("report")
    content = replace(content, report=report, seconds=dict(watch.seconds), notes=notes)
    _refuse_empty(content)
    return content


def _unranked(
    settings: RunSettings, discovery: Discovery, findings: Findings[AnyResult]
) -> RunContent:
    discovery = _with_near_names(discovery, findings.results, settings)
    return RunContent(settings.out, discovery, findings, Ranking())


def _ranked(content: RunContent, settings: RunSettings, begun: Begun) -> RunContent:
    """The run with ranks, and with what is missing of what was expected."""
    findings = content.findings
    rules = _rules(settings, findings.source, begun.reference)
    return replace(
        content,
        ranking=_rank(findings.results, settings, rules),
        expected=_missing(begun.expectation, settings, content.discovery, findings.results),
    )


def _judged(content: RunContent, settings: RunSettings, begun: Begun) -> RunContent:
    """The run with its gates judged, its settings and its provenance."""
    gates = judge_ranking(
        settings.gates,
        content.ranking,
        content.failed,
        source=content.findings.source,
        expected=content.expected,
    )
    return replace(
        content,
        gates=gates,
        settings=plain_settings(settings),
        provenance=provenance(
            command=settings.command,
            started_at=begun.clock.started_at,
            duration_s=time.perf_counter() - begun.clock.start,
            scored_on=dict(content.findings.hardware),
        ),
    )


def _part(settings: RunSettings, findings: Findings[AnyResult], begun: Begun) -> RunContent:
    """The run of a further model, as it would be alone; gates are for the first one only."""
    name = findings.source.name
    weights = {choice.model: choice.weights for choice in settings.further}
    own = replace(
        settings,
        out=settings.out / MODELS / name,
        score=replace(settings.score, model=name, weights=weights.get(name)),
        gates=(),
        further=(),
        combine=None,
    )
    content = _ranked(_unranked(own, begun.discovery, findings), own, begun)
    return replace(_judged(content, own, begun), part_of=PART_OF)


def with_further(content: RunContent, parts: Sequence[RunContent]) -> RunContent:
    """The run of the first model with scores and agreement of further ones.

    Args:
        content: the run.
        parts: the runs of the further models; an ensemble of the models agrees with them by the
            way it is made, so its agreement isn't measured.
    """
    if not parts:
        return content
    everyone = [content, *(p for p in parts if p.findings.source.name != COMBINED)]
    rankings = {one.findings.source.name: one.ranking for one in everyone}
    findings = replace(
        content.findings,
        warnings=(*content.findings.warnings, *_lost_by_further(content, parts)),
    )
    return replace(
        content,
        findings=findings,
        further=[_further(part) for part in parts],
        agreement=agreements(rankings),
    )


def _further(part: RunContent) -> FurtherModel:
    source, counts = part.findings.source, part.counts
    return FurtherModel(
        name=source.name,
        title=source.title,
        folder=f"{MODELS}/{source.name}",
        ok=counts.ok,
        failed=counts.failed,
        scores={
            r.capture.path: r.score for r in part.findings.results if not isinstance(r, Failed)
        },
    )


def _lost_by_further(content: RunContent, parts: Sequence[RunContent]) -> Iterator[str]:
    """A line for each further model that failed where the first one scored."""
    lost_by_first = {failed.path for failed in content.findings.failed}
    for part in parts:
        lost = [f for f in part.findings.failed if f.path not in lost_by_first]
        if lost:
            more = f", first: {lost[0].path}" if len(lost) > 1 else f": {lost[0].path}"
            yield (
                f"{part.findings.source.name} could not score {len(lost)} of the captures that "
                f"{content.findings.source.name} scored{more}: {lost[0].reason}"
            )


def _take_notes_along(settings: RunSettings, discovery: Discovery) -> str:
    """Copies pending notes of the run before; returns a line on them. A run stands without them."""
    if settings.notes_from is None:
        return ""
    try:
        return carry_notes(
            settings.notes_from,
            settings.out,
            scenes={capture.scene for capture in discovery.captures},
            devices={capture.device for capture in discovery.captures},
        )
    except OSError as error:
        return f"not copied from {settings.notes_from} ({error.strerror or error})"


def _missing(
    expectation: Expectation | None,
    settings: RunSettings,
    discovery: Discovery,
    results: Sequence[AnyResult],
) -> Shortfall | None:
    """Holds the results against an expectation; None: nothing is expected."""
    if expectation is None:
        return None
    return expectation.check(
        sightings_of_results(results),
        parse_chooser(settings.find.only, settings.find.exclude),
        conditions={name: scene.condition for name, scene in discovery.scenes.items()},
    )


def reference_of(discovery: Discovery, settings: RunSettings) -> Competitor | None:
    """The reference of gaps; a misspelt name is refused before anything is scored.

    Raises:
        PiqaError: no device has that name, or several.
    """
    name = settings.rank.reference
    if name is None:
        return None
    name = Aliases.of(settings.find.devices).text(name)
    return find_reference(discovery.captures, name, by=settings.rank.by)


def _with_near_names(
    discovery: Discovery, results: Sequence[AnyResult], settings: RunSettings
) -> Discovery:
    """Warns of devices that are ranked as several because their name is written in several ways."""
    scored = [result.capture for result in results if not isinstance(result, Failed)]
    warning = ranking_warning(
        discovery.captures, settings.find.devices, by=settings.rank.by, counted=scored
    )
    return replace(discovery, warnings=(*discovery.warnings, *warning))


def _rules(settings: RunSettings, source: ScoreSource, reference: Competitor | None) -> Rules:
    return Rules(
        tie_jod=settings.rank.tie_jod,
        jod_per_unit=source.jod_per_unit,
        reference=reference,
        min_scenes=settings.rank.min_scenes,
        min_captures=settings.rank.min_captures,
    )


def _rank(results: Sequence[AnyResult], settings: RunSettings, rules: Rules) -> Ranking:
    captures = [
        ScoredCapture(
            path=result.capture.path,
            scene=result.capture.scene,
            device=result.capture.device,
            firmware=result.capture.firmware,
            condition=result.capture.condition,
            score=result.score,
            sha256=result.sha256,
            pixels_sha256=result.pixels_sha256,
            score_sd=result.score_sd if isinstance(result, Given) else None,
            fault_costs=_fault_costs(result),
        )
        for result in results
        if not isinstance(result, Failed)
    ]
    return rank_captures(captures, by=settings.rank.by, rules=rules)


def _fault_costs(result: Scored | Given) -> tuple[float, ...] | None:
    """Cost of each fault by the model; None: it says nothing of faults."""
    if isinstance(result, Given):
        return None
    costs = result.prediction.explanation.get("fault_costs")
    return None if costs is None else tuple(costs)


def _shown(results: Sequence[AnyResult]) -> Iterator[str]:
    """SHA-256 of the files whose pictures the pages may show; given scores have none."""
    return (r.facts.sha256 for r in results if not isinstance(r, Given) and r.facts is not None)


def _faces(results: Sequence[AnyResult]) -> Iterator[tuple[str, Box]]:
    """File and box of every face that was scored."""
    return (
        (result.facts.sha256, result.face.box)
        for result in results
        if isinstance(result, Scored) and result.face.box is not None
    )


def plain_settings(settings: RunSettings) -> dict[str, Any]:
    """The settings as JSON can hold them; the command stands in the provenance."""
    plain = asdict(settings)
    for name in ("command", "engine", "ray", "notes_from"):  # they don't decide the result
        del plain[name]
    plain["out"] = str(settings.out)
    del plain["score"]["shared_cache"]  # it spares work, as the engine does
    plain["acknowledge"] = list(settings.acknowledge)
    for name in ("root", "manifest"):
        value = plain["find"][name]
        plain["find"][name] = None if value is None else str(value)
    plain["find"]["devices"] = {entry.name: list(entry.aliases) for entry in settings.find.devices}
    if settings.expect is None:
        del plain["expect"]
    elif settings.expect.base is not None:
        plain["expect"]["base"] = str(settings.expect.base)
    if not settings.further:
        del plain["further"]
    else:
        plain["further"] = {
            choice.model: None if choice.weights is None else str(choice.weights)
            for choice in settings.further
        }
    if settings.combine is None:
        del plain["combine"]
    if settings.given is None:
        del plain["given"]
    else:
        del plain["score"]  # nothing was scored
        plain["given"]["file"] = str(settings.given.file)
    return plain


def _spare_the_last_run(out: Path, findings: Findings[AnyResult]) -> None:
    """A run that scored nothing doesn't replace one that did."""
    failed = findings.failed
    if is_run(out) and len(failed) == len(findings.results):
        raise _nothing_scored(failed, f"the earlier run in {out} was left as it is")


def _refuse_empty(content: RunContent) -> None:
    """Fails a run that ranked nothing, after its tables were written."""
    if not content.counts.ok:
        page = content.out / "report" / "captures.html"
        raise _nothing_scored(content.findings.failed, f"all reasons stand in {page}")


def _nothing_scored(failed: Sequence[Failed], now: str) -> PiqaError:
    first = failed[0]
    of_all, which = "the only capture could not be scored", ""
    if len(failed) > 1:
        of_all, which = f"none of the {len(failed)} captures could be scored", "first: "
    return PiqaError(f"{of_all} ({which}{first.capture.path}: {first.reason}); {now}")
