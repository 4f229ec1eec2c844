"""Ranks scores that exist already: no picture is opened, no network is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from piqa_cli.discover.aliases import Aliases
from piqa_cli.discover.only_exclude import chosen, parse_chooser
from piqa_cli.discover.scores import ScoreList, read_scores
from piqa_cli.errors import UsageError
from piqa_cli.finish import Clock, begin, finish
from piqa_cli.records import (
    Capture,
    Discovery,
    Failed,
    Findings,
    Given,
    GivenScores,
    Recipe,
    RunContent,
    Scale,
    ScoredBy,
)
from piqa_cli.runs.folder import hold_out
from piqa_cli.runs.log import Note, StageWatch, no_note
from piqa_cli.settings import GivenScale, GivenSettings, RunSettings

GIVEN = "given"
_JOD_PER_UNIT: dict[GivenScale, float | None] = {"jod": 1.0, "mos": None, "relative": None}
_TITLES: dict[Scale, str] = {
    "jod": "JODs",
    "mos": "mean opinion scores",
    "relative": "scores without a unit",
}


def run_from_scores(
    settings: RunSettings, given: GivenSettings, *, note: Note = no_note
) -> RunContent:
    """Ranks given scores and writes the same tables and pages as a run from pictures.

    Args:
        settings: what to rank and how; nothing is scored.
        given: where the scores are, and on which scale.
        note: is called when a stage has ended, with its counts.

    Raises:
        PiqaError: the scores or the settings can't be used, or there is no score at all; an
            earlier run in the folder stands.
    """
    clock, watch = Clock.started(), StageWatch(note)
    _spare_the_scores(given.file, settings.out)
    scores = read_scores(given.file, given.scale, Aliases.of(settings.find.devices))
    chooser = parse_chooser(settings.find.only, settings.find.exclude)
    discovery = chosen(scores.found, chooser, given.file)
    begun = begin(settings, discovery, clock, watch)
    watch.ended("discover", captures=len(discovery.captures), skipped=len(discovery.skipped))
    findings = _findings(discovery, scores, given)
    del scores  # of millions it is as large as the findings
    with hold_out(settings.out):
        return finish(settings, begun, findings)


def _spare_the_scores(file: Path, out: Path) -> None:
    """Refuses to overwrite the tables that are read: new ones hold less about the pictures."""
    if file.resolve().parent == out.resolve():
        raise UsageError(
            f"{file} lies in {out}, which would be overwritten: choose another with -o"
        )


def _findings(
    discovery: Discovery, scores: ScoreList, given: GivenSettings
) -> Findings[Given | Failed]:
    """Outcomes of the captures, as scoring them would give them."""
    source = given_source(given, scores.how)
    recipe = Recipe(model=source.name, scale=source.scale, **scores.how_scored)
    return Findings(
        results=[_result(capture, scores) for capture in discovery.captures],
        source=source,
        recipe=recipe,
    )


def given_source(given: GivenSettings, how: Mapping[str, str]) -> GivenScores:
    """Origin of given scores, as far as it is known.

    JODs of nobody are observers': pages then speak of shares of observers.

    Args:
        given: the list of scores.
        how: what it says of the model.
    """
    model = how.get("model", "").removeprefix(f"{GIVEN}: ")
    model = "" if model == GIVEN else model
    scored_by: ScoredBy = "given" if model or given.scale == "relative" else "observers"
    source = f"{_TITLES[given.scale]} of {model}" if model else _TITLES[given.scale]
    return GivenScores(
        name=f"{GIVEN}: {model}" if model else GIVEN,
        title=f"{source}, from {given.file.name}",
        scale=given.scale,
        jod_per_unit=_JOD_PER_UNIT[given.scale],
        scored_by=scored_by,
    )


def _result(capture: Capture, scores: ScoreList) -> Given | Failed:
    if capture.path in scores.failures:
        return Failed(capture, *scores.failures[capture.path])
    path = capture.path
    return Given(
        capture,
        scores.scores[path],
        sha256=scores.sha256.get(path),
        pixels_sha256=scores.pixels_sha256.get(path),
        score_sd=scores.score_sds.get(path),
    )
