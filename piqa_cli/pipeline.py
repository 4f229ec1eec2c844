"""discover -> read -> face -> score -> rank -> write: the only place that joins the stages."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from piqa_cli.discover.walk import discover
from piqa_cli.discover.warned import warning_lines, with_warnings
from piqa_cli.errors import PiqaError
from piqa_cli.gates.ranking import judge_ranking
from piqa_cli.provenance import provenance, utc_now
from piqa_cli.rank.ranking import rank_captures
from piqa_cli.rank.records import Competitor, Rules, ScoredCapture
from piqa_cli.rank.reference import find_reference
from piqa_cli.records import Counts, Discovery, Failed, Ranking, Scored, Summary
from piqa_cli.score.run import Progress, Scores, score_captures
from piqa_cli.settings import RunSettings
from piqa_cli.weights.store import find
from piqa_cli.write.html import render_report
from piqa_cli.write.pictures import prune_pictures
from piqa_cli.write.run_folder import PICTURES, RunContent, hold_out, write_run
from piqa_cli.write.run_log import Note, StageWatch, no_note
from piqa_cli.write.table_set import is_run


def run(
    settings: RunSettings,
    *,
    progress: Progress = lambda items, _total: items,
    note: Note = no_note,
) -> Summary:
    """Ranks a folder of captures and writes tables and pages.

    Args:
        settings: what to rank and how.
        progress: wraps the captures still to be scored.
        note: is told when a stage has ended, with its counts.

    Raises:
        PiqaError: the input or the settings can't be used, or nothing could be scored; an
            earlier run in the folder stands.
        MissingPartError: weights or processor are missing.
    """
    started_at, start = utc_now(), time.perf_counter()
    watch = StageWatch(note)
    discovery = discover(settings.find)
    reference = _reference(discovery, settings)
    find(settings.score.model)  # before anything is made in vain
    watch.ended(
        "discover",
        captures=len(discovery.captures),
        skipped=len(discovery.skipped),
        ignored=discovery.ignored,
    )
    with hold_out(settings.out):
        return _run_into(
            settings,
            discovery,
            reference=reference,
            started_at=started_at,
            start=start,
            progress=progress,
            watch=watch,
        )


def _run_into(
    settings: RunSettings,
    discovery: Discovery,
    *,
    reference: Competitor | None,
    started_at: str,
    start: float,
    progress: Progress,
    watch: StageWatch,
) -> Summary:
    """Scores, ranks and writes, once the run's folder is ours."""
    scores = score_captures(
        discovery.captures,
        settings.score,
        pictures=settings.out / PICTURES,
        progress=progress,
    )
    results = with_warnings(scores.results)
    _spare_the_last_run(settings.out, results)
    counts = _count(discovery, scores)
    watch.ended("score", ok=counts.ok, failed=counts.failed, reused=counts.reused)
    rules = Rules(settings.rank.tie_jod, scores.spec.jod_per_unit, reference)
    ranking = _rank(results, settings, rules)
    watch.ended("rank", scene_ranks=len(ranking.scenes), device_ranks=len(ranking.devices))
    failed = tuple(result for result in results if isinstance(result, Failed))
    gates = judge_ranking(settings.gates, ranking, failed, jod_per_unit=scores.spec.jod_per_unit)
    warnings = (*discovery.warnings, *scores.warnings, *warning_lines(results))
    write_run(
        settings.out,
        RunContent(
            results=results,
            skipped=discovery.skipped,
            scenes=discovery.scenes,
            scene_ranks=ranking.scenes,
            device_ranks=ranking.devices,
            pairs=ranking.pairs,
            timings=scores.timings,
            spec=scores.spec,
            protocol=scores.recipe,
            fingerprints=scores.fingerprints,
            counts=asdict(counts),
            warnings=warnings,
            gates=gates,
            settings=plain_settings(settings),
            provenance=provenance(
                command=settings.command,
                started_at=started_at,
                duration_s=time.perf_counter() - start,
                scored_on=scores.hardware,
            ),
        ),
        csv=settings.csv,
    )
    prune_pictures(
        settings.out / PICTURES, {r.facts.sha256 for r in results if r.facts is not None}
    )
    watch.ended("write")
    report = render_report(settings.out)
    watch.ended("report")
    summary = Summary(
        out=settings.out,
        report=report,
        model=scores.spec.name,
        trained_on=scores.spec.trained_on,
        counts=counts,
        scene_ranks=ranking.scenes,
        device_ranks=ranking.devices,
        failed=failed,
        warnings=warnings,
        gates=gates,
        started_at=started_at,
        seconds=watch.seconds,
    )
    _refuse_empty(summary)
    return summary


def _reference(discovery: Discovery, settings: RunSettings) -> Competitor | None:
    """Whom gaps are against; a misspelt name is told before anything is scored."""
    name = settings.rank.reference
    if name is None:
        return None
    return find_reference(discovery.captures, name, by=settings.rank.by)


def _rank(results: Sequence[Scored | Failed], settings: RunSettings, rules: Rules) -> Ranking:
    captures = [
        ScoredCapture(
            path=result.capture.path,
            scene=result.capture.scene,
            device=result.capture.device,
            firmware=result.capture.firmware,
            condition=result.capture.condition,
            score=result.prediction.score,
            sha256=result.facts.sha256,
        )
        for result in results
        if isinstance(result, Scored)
    ]
    return rank_captures(captures, by=settings.rank.by, rules=rules)


def _count(discovery: Discovery, scores: Scores) -> Counts:
    ok = sum(isinstance(result, Scored) for result in scores.results)
    return Counts(
        ok=ok,
        failed=len(scores.results) - ok,
        skipped=len(discovery.skipped),
        ignored=discovery.ignored,
        reused=scores.reused,
    )


def plain_settings(settings: RunSettings) -> dict[str, Any]:
    """The settings as JSON can hold them; the command stands in the provenance."""
    plain = asdict(settings)
    del plain["command"]
    plain["out"] = str(settings.out)
    for name in ("root", "manifest"):
        value = plain["find"][name]
        plain["find"][name] = None if value is None else str(value)
    return plain


def _spare_the_last_run(out: Path, results: Sequence[Scored | Failed]) -> None:
    """A run that scored nothing doesn't replace one that did."""
    failed = tuple(result for result in results if isinstance(result, Failed))
    if is_run(out) and len(failed) == len(results):
        raise _nothing_scored(failed, f"the earlier run in {out} was left as it is")


def _refuse_empty(summary: Summary) -> None:
    """Nothing ranked is no success: the tables are there, the exit code says so."""
    if not summary.counts.ok:
        tables = summary.out / "captures.parquet"
        raise _nothing_scored(summary.failed, f"the reasons stand in {tables}")


def _nothing_scored(failed: Sequence[Failed], now: str) -> PiqaError:
    first = failed[0]
    return PiqaError(
        f"none of the {len(failed)} captures could be scored "
        f"(first: {first.capture.path}: {first.reason}); {now}"
    )
