"""discover -> read -> face -> score -> rank -> runs -> report: the one place that joins them."""

from __future__ import annotations

from dataclasses import replace

from piqa_cli.discover.mixups import warning_lines, with_warnings
from piqa_cli.discover.walk import discover
from piqa_cli.expect.expectation import open_expectation
from piqa_cli.finish import Clock, finish, reference_of
from piqa_cli.rank.cells import competitors_of
from piqa_cli.records import Discovery, Failed, Findings, RunContent, Scored
from piqa_cli.runs.folder import PICTURES, hold_out
from piqa_cli.runs.log import Note, StageWatch, no_note
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.run import Progress, no_progress, score_captures
from piqa_cli.settings import RunSettings
from piqa_cli.weights.store import find


def run(
    settings: RunSettings,
    *,
    progress: Progress = no_progress,
    note: Note = no_note,
) -> RunContent:
    """Ranks a folder of captures and writes tables and pages.

    Args:
        settings: what to rank and how.
        progress: wraps the files to be hashed, then the captures to be scored.
        note: is called when a stage has ended, with its counts.

    Raises:
        PiqaError: the input or the settings can't be used, or nothing could be scored; an
            earlier run in the folder stands.
        MissingPartError: weights or processor are missing.
    """
    clock, watch = Clock.started(), StageWatch(note)
    discovery = discover(settings.find)
    reference = reference_of(discovery, settings)
    expectation = open_expectation(settings.expect, settings.find.devices)
    find(settings.score.model, settings.score.weights)  # fails before anything is made
    watch.ended(
        "discover",
        captures=len(discovery.captures),
        skipped=len(discovery.skipped),
        ignored=discovery.ignored,
    )
    with hold_out(settings.out):
        findings = _score(discovery, settings, progress)
        return finish(
            settings,
            discovery,
            findings,
            reference=reference,
            clock=clock,
            watch=watch,
            expectation=expectation,
        )


def _score(
    discovery: Discovery, settings: RunSettings, progress: Progress
) -> Findings[Scored | Failed]:
    """Scores the captures, and notes what is odd or looks like a mix-up."""
    findings = score_captures(
        discovery.captures,
        settings.score,
        pictures=PictureFolder.wanted(
            settings.out / PICTURES, settings.pictures, settings.crops_mb
        ),
        progress=progress,
    )
    rivals = competitors_of(discovery.captures, settings.rank.by)
    results = with_warnings(findings.results, [rival.name for rival in rivals])
    return replace(
        findings, results=results, warnings=(*findings.warnings, *warning_lines(results))
    )
