"""discover -> read -> face -> score -> rank -> runs -> report: the one place that joins them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from piqa_cli.discover.mixups import warning_lines, with_warnings
from piqa_cli.discover.walk import discover
from piqa_cli.errors import PiqaError
from piqa_cli.finish import Clock, begin, finish
from piqa_cli.parts.cut import Shard, places_of
from piqa_cli.parts.folder import hold_part, write_part
from piqa_cli.rank.cells import competitors_of
from piqa_cli.records import Capture, Failed, Findings, RunContent, Scored
from piqa_cli.runs.folder import PICTURES, hold_out
from piqa_cli.runs.log import Note, StageWatch, no_note
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.schema import own_columns
from piqa_cli.score.engine import start_local
from piqa_cli.score.ensemble import combined
from piqa_cli.score.on_ray.start import start_ray
from piqa_cli.score.progress import Progress, no_progress
from piqa_cli.score.run import score_by_models
from piqa_cli.settings import RunSettings, ScoreSettings
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
        progress: wraps the files to be hashed, the captures to be scored, then those whose crops
            are made.
        note: is called when a stage has ended, with its counts.

    Raises:
        PiqaError: the input or the settings can't be used, or nothing could be scored; an
            earlier run in the folder stands.
        MissingPartError: weights or processor are missing.
    """
    clock, watch = Clock.started(), StageWatch(note)
    discovery = discover(settings.find)
    begun = begin(settings, discovery, clock, watch)
    scoring = _check_models(settings)  # fails before anything is made
    begun.note_captures()
    with hold_out(settings.out):
        found = _score(discovery.captures, settings, scoring, progress)
        first, *further = complete(found, discovery.captures, settings)
        return finish(settings, begun, first, further=further)


def _check_models(settings: RunSettings) -> list[ScoreSettings]:
    """Settings of each model, the first one first.

    Raises:
        PiqaError: no such model, the same one twice, or an ensemble of one.
        MissingPartError: weights are missing.
    """
    scoring = [settings.score]
    for choice in settings.further:
        if choice.model in {one.model for one in scoring}:
            raise PiqaError(f"--model {choice.model} is named twice: name each model once")
        scoring.append(replace(settings.score, model=choice.model, weights=choice.weights))
    if settings.combine is not None and not settings.further:
        raise PiqaError("--combine makes an ensemble of several models: name them by --model")
    for one in scoring:
        find(one.model, one.weights)
        own_columns(one.model)
    return scoring


def score_part(
    settings: RunSettings, shard: Shard, *, progress: Progress = no_progress
) -> Findings[Scored | Failed]:
    """Scores one shard of the captures and writes it as a part of a run; nothing is ranked.

    Args:
        settings: as for `run`; `out` is the folder of the part.
        shard: which one.
        progress: as for `run`.

    Returns:
        The outcomes by the first model.

    Raises:
        PiqaError: as `run` raises.
        MissingPartError: weights or processor are missing.
    """
    discovery = discover(settings.find)
    scoring = _check_models(settings)
    places = places_of(shard, discovery.captures)
    with hold_part(settings.out):
        captures = [discovery.captures[place] for place in places]
        findings = _score(captures, settings, scoring, progress)
        write_part(shard, places, discovery, findings, settings)
    return findings[0]


def _score(
    captures: Sequence[Capture],
    settings: RunSettings,
    scoring: Sequence[ScoreSettings],
    progress: Progress,
) -> list[Findings[Scored | Failed]]:
    """Scores captures by every model."""
    pictures = PictureFolder.wanted(settings.out / PICTURES, settings.pictures, settings.crops_mb)
    on_ray = settings.engine == "ray"
    return list(
        score_by_models(
            captures,
            scoring,
            pictures=pictures,
            progress=progress,
            start=partial(start_ray, settings=settings.ray) if on_ray else start_local,
        )
    )


def complete(
    found: Sequence[Findings[Scored | Failed]], captures: Sequence[Capture], settings: RunSettings
) -> list[Findings[Scored | Failed]]:
    """Outcomes with all that needs every capture: the ensemble, and what looks like a mix-up.

    Args:
        found: outcomes of all captures by each model.
        captures: all captures.
        settings: of the run.
    """
    models = list(found)
    if settings.combine is not None:
        models.append(combined(models))
    rivals = [rival.name for rival in competitors_of(captures, settings.rank.by)]
    return [_with_mixups(findings, rivals) for findings in models]


def _with_mixups(
    findings: Findings[Scored | Failed], rivals: Sequence[str]
) -> Findings[Scored | Failed]:
    """Notes what is odd or looks like a mix-up."""
    results = with_warnings(findings.results, rivals)
    return replace(
        findings, results=results, warnings=(*findings.warnings, *warning_lines(results))
    )
