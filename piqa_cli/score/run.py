"""Scores for captures: from the cache where they are known, else from the engine.

torch is imported only if something is left to score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from piqa_cli.discover.landmarks import with_landmarks
from piqa_cli.errors import CaptureError, PiqaError
from piqa_cli.face.detect import DETECTOR_VERSION
from piqa_cli.face.landmarks import finder_for
from piqa_cli.models.catalogue import spec_of
from piqa_cli.processors import available_processors
from piqa_cli.read.decode import READ_VERSION
from piqa_cli.records import Capture, Failed, Findings, Recipe, Scored
from piqa_cli.records.on_demand import each
from piqa_cli.records.timings import Timings
from piqa_cli.remote import threads_for
from piqa_cli.resources import cache_file
from piqa_cli.runs.batches import in_batches
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.cache import ScoreCache
from piqa_cli.score.cache_size import limit_bytes
from piqa_cli.score.crops import make_crops
from piqa_cli.score.engine import (
    Engine,
    EngineTask,
    Job,
    StartEngine,
    WeightedModel,
    start_local,
)
from piqa_cli.score.fingerprint import Key, key_of, key_of_same_file
from piqa_cli.score.known_scores import KnownScores
from piqa_cli.score.outcome_store import room_for_scores
from piqa_cli.score.progress import Progress, no_progress
from piqa_cli.score.readers import Readers
from piqa_cli.score.remake import remake_missing
from piqa_cli.score.scene_pass import faces_by_scene, joined, with_box
from piqa_cli.score.shared_cache import LayeredCache
from piqa_cli.settings import ScoreSettings
from piqa_cli.weights.store import find, trained_on


def score_captures(
    captures: Sequence[Capture],
    settings: ScoreSettings,
    *,
    pictures: PictureFolder | None = None,
    progress: Progress = no_progress,
    start: StartEngine = start_local,
) -> Findings[Scored | Failed]:
    """Scores every capture once by one model; equal files with equal faces share one score.

    See `score_by_models` for arguments and errors.
    """
    (findings,) = score_by_models(
        captures, [settings], pictures=pictures, progress=progress, start=start
    )
    return findings


def score_by_models(
    captures: Sequence[Capture],
    settings: Sequence[ScoreSettings],
    *,
    pictures: PictureFolder | None = None,
    progress: Progress = no_progress,
    start: StartEngine = start_local,
) -> tuple[Findings[Scored | Failed], ...]:
    """Scores every capture once by each of some models; every file is read once for all of them.

    Args:
        captures: what to score.
        settings: one for each model; they differ in model and weights only.
        pictures: which pictures to make for the pages, and where; None: make none.
        progress: wraps the files to be hashed, the scores to be made, then the captures whose crops
            pages show.
        start: starts the engine, if the cache doesn't know everything.

    Returns:
        The outcomes by each model. Warnings stand with the first model.

    Raises:
        PiqaError: no such model, or the cache is unusable.
        MissingPartError: weights or processor are missing.
    """
    shared = settings[0]
    models = tuple(_weighted(one.model, one.weights) for one in settings)
    recipes = [_recipe(model, shared) for model in models]
    if shared.landmarks is not None and any(model.spec.needs_landmarks for model in models):
        captures = with_landmarks(captures, shared.landmarks)
    keys, failed = _keys(recipes[0], captures, progress)
    warnings: list[str] = []
    with (
        _cache(shared, warnings) as cache,
        Readers(workers=shared.workers, timeout_s=shared.timeout_s) as readers,
    ):
        work = _Work(EngineTask(models, shared, readers, pictures), progress, start)
        seats = {
            model.name: _Seat(model, recipe, KnownScores(cache, own, dict(failed), room))
            for model, recipe in zip(models, recipes, strict=True)
            for own in [keys if recipe is recipes[0] else _rekeyed(keys, recipe, captures)]
            for room in [room_for_scores(len(captures))]
        }
        work.score(dict.fromkeys(seats.values(), captures))
        if shared.face_rule == "scene":
            _score_scene_faces([s for s in seats.values() if s.model.spec.needs_face], work)
        if pictures is not None:
            shown = _results_shown(list(seats.values()))
            warnings += remake_missing(shown, shared, readers, pictures)
            warnings += make_crops(shown, shared, readers, pictures, progress=progress)
    return tuple(
        _findings(
            seat,
            work,
            (*work.engine_warnings, *_of_caches(seats), *warnings)
            if seat.model is models[0]
            else (),
        )
        for seat in seats.values()
    )


def _weighted(model: str, weights: Path | None) -> WeightedModel:
    """A model with its weights; what these say of their training stands for the catalogue's words.

    Raises:
        PiqaError: no such model.
        MissingPartError: the weights aren't here.
    """
    spec, bundle = spec_of(model), find(model, weights)
    return WeightedModel(replace(spec, trained_on=trained_on(bundle) or spec.trained_on), bundle)


@dataclass(slots=True, eq=False)
class _Seat:
    """One model's part of the run.

    Attributes:
        model, recipe: which, and how it scores.
        known: its scores by fingerprint.
        results: outcomes of the captures, once they are scored.
        corrected: keys of the captures that were scored once more, with the scene's face.
        timings: of the captures that it scored now.
        scored: fingerprints that it scored now.
    """

    model: WeightedModel
    recipe: Recipe
    known: KnownScores
    results: Sequence[Scored | Failed] = ()
    corrected: Mapping[str, Key] = field(default_factory=dict)
    timings: Timings = field(default_factory=Timings)
    scored: set[str] = field(default_factory=set)


def _rekeyed(
    keys: Mapping[str, Key], recipe: Recipe, captures: Sequence[Capture]
) -> dict[str, Key]:
    """The keys of another recipe; no file is read again."""
    return {c.path: key_of_same_file(keys[c.path], recipe, c) for c in captures if c.path in keys}


def _score_scene_faces(seats: Sequence[_Seat], work: _Work) -> None:
    """Scores with the scene's face what was scored with another one, once more."""
    choices = {seat: faces_by_scene(seat.results) for seat in seats}
    first = {seat: (seat.results, seat.known) for seat in seats}
    corrected = {
        seat: [
            with_box(result, choice)
            for result in seat.results
            if isinstance(result, Scored)
            and (choice := choices[seat].get(result.capture.path)) is not None
            and choice.match == "corrected"
        ]
        for seat in seats
    }
    for seat, captures in corrected.items():
        keys = {c.path: key_of_same_file(seat.known.keys[c.path], seat.recipe, c) for c in captures}
        room = room_for_scores(len(captures))
        seat.known = KnownScores(seat.known.cache, keys, {}, room)
    work.score(corrected)
    for seat, (results, known) in first.items():
        # The keys of the first results stay as they are: these may be made of them once more.
        seat.corrected = seat.known.keys
        known.warnings += seat.known.warnings
        seat.known, seat.results = known, joined(results, seat.results, choices[seat])


def _results_shown(seats: Sequence[_Seat]) -> Sequence[Scored | Failed]:
    """One result a capture, for its pictures: of a model that looks at faces, if one scored it."""
    ordered = sorted(seats, key=lambda seat: not seat.model.spec.needs_face)

    def shown(place: int) -> Scored | Failed:
        results = (seat.results[place] for seat in ordered)
        return next((r for r in results if isinstance(r, Scored)), ordered[0].results[place])

    return each(range(len(ordered[0].results)), shown)


def _of_caches(seats: Mapping[str, _Seat]) -> tuple[str, ...]:
    """Warnings of the models' caches, each once."""
    return tuple(dict.fromkeys(text for seat in seats.values() for text in seat.known.warnings))


def _findings(seat: _Seat, work: _Work, warnings: tuple[str, ...]) -> Findings[Scored | Failed]:
    keys = chain(seat.known.keys.items(), seat.corrected.items())
    fingerprints = {path: key.fingerprint for path, key in keys}
    final = [fingerprints[r.capture.path] for r in seat.results if isinstance(r, Scored)]
    return Findings(
        results=seat.results,
        source=seat.model.spec,
        recipe=seat.recipe,
        fingerprints=fingerprints,
        timings=seat.timings,
        reused=len(final) - len(seat.scored.intersection(final)),
        warnings=warnings,
        hardware=work.hardware,
    )


@contextmanager
def _cache(
    settings: ScoreSettings, warnings: list[str]
) -> Iterator[ScoreCache | LayeredCache | None]:
    """The cache, if there is to be one; what happens to its file is worth a warning.

    Raises:
        PiqaError: the cache is unusable, and scores were to be looked up in it.
    """
    cache: ScoreCache | LayeredCache | None = None
    if settings.use_cache:
        try:
            cache = ScoreCache(cache_file(), limit_bytes=limit_bytes())
            if settings.shared_cache is not None:
                cache = LayeredCache.of(cache, settings.shared_cache)
        except PiqaError as error:
            if not settings.fresh:
                raise
            warnings.append(f"scores of this run aren't kept: {error}")
    try:
        yield cache
    finally:
        if cache is not None:
            cache.close()
            warnings += cache.warnings


def _recipe(model: WeightedModel, settings: ScoreSettings) -> Recipe:
    finder = finder_for([model.spec], settings.landmarks)
    return Recipe.of_model(
        model.spec,
        weights_sha256=model.bundle.sha256,
        working_size=settings.working_size,
        precision=settings.effective_precision,
        reading=READ_VERSION,
        detector=DETECTOR_VERSION,
        face_rule=settings.face_rule,
        damaged=settings.damaged,
        landmarks="given" if finder is None else finder.name,
    )


def _keys(
    recipe: Recipe, captures: Sequence[Capture], progress: Progress
) -> tuple[dict[str, Key], dict[str, Failed]]:
    """Keys by path, and the captures whose file can't be read."""

    def attempt(capture: Capture) -> Key | Failed:
        try:
            return key_of(recipe, capture)
        except CaptureError as error:
            return Failed(capture, error.stage, error.reason)

    at_once = threads_for((c.file for c in captures), local=available_processors())
    with ThreadPoolExecutor(at_once) as threads:
        try:
            # All at once would be a million tasks that wait, of 1 kB each.
            batches = (threads.map(attempt, some) for some in in_batches(captures))
            found = chain.from_iterable(batches)
            attempts = list(progress(found, len(captures), "hash"))
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
    keys = {c.path: a for c, a in zip(captures, attempts, strict=True) if isinstance(a, Key)}
    return keys, {failed.path: failed for failed in attempts if isinstance(failed, Failed)}


@dataclass(slots=True)
class _Work:
    """The scoring of a run: what the cache doesn't know goes through one engine.

    Attributes:
        task, progress, start: as given.
        engine: None until something is left to score.
    """

    task: EngineTask
    progress: Progress
    start: StartEngine
    engine: Engine | None = None

    @property
    def engine_warnings(self) -> tuple[str, ...]:
        """Warnings of the engine."""
        return tuple(self.engine.warnings) if self.engine else ()

    @property
    def hardware(self) -> Mapping[str, Any]:
        """Facts about the processor; empty where all was known."""
        return self.engine.hardware if self.engine else {}

    def score(self, wanted: Mapping[_Seat, Sequence[Capture]]) -> None:
        """Gives every model the results of its captures; new scores are kept as they come."""
        settings = self.task.settings
        for seat, captures in wanted.items():
            if not settings.fresh:
                seat.known.look_up(
                    captures,
                    self.task.readers,
                    processor=None if settings.compute == "auto" else settings.compute,
                    damaged=settings.damaged,
                )
        if jobs := _jobs(wanted):
            self._score(jobs, {seat.model.name: seat for seat in wanted})
        for seat, captures in wanted.items():
            seat.results = each(captures, seat.known.result_of)

    def _score(self, jobs: Sequence[Job], seats: Mapping[str, _Seat]) -> None:
        self.engine = engine = self.engine or self.start(self.task)
        processor = engine.hardware["compute"]
        first = self.task.models[0].name

        def results() -> Iterator[Scored | Failed | None]:
            for outcome in engine.score(jobs):
                seat, result = seats[outcome.model], outcome.result
                seat.timings.extend(outcome.timings)
                if seat.known.keep(result, model=outcome.model, processor=processor):
                    seat.scored.add(seat.known.keys[result.capture.path].fingerprint)
                # Who follows the scoring learns of failures of the first model only.
                yield result if outcome.model == first else None

        for _ in self.progress(results(), sum(len(job.models) for job in jobs), "score"):
            pass


def _jobs(wanted: Mapping[_Seat, Sequence[Capture]]) -> list[Job]:
    """Captures with the models that lack their score, in the order of the captures."""
    todo: dict[Capture, tuple[str, ...]] = {}
    models: dict[tuple[str, ...], tuple[str, ...]] = {}  # one tuple for all that are equal
    for seat, captures in wanted.items():
        for capture in seat.known.todo(captures):
            names = (*todo.get(capture, ()), seat.model.name)
            todo[capture] = models.setdefault(names, names)
    paths = (capture.path for captures in wanted.values() for capture in captures)
    place = {path: number for number, path in enumerate(dict.fromkeys(paths))}
    return [Job(c, todo[c]) for c in sorted(todo, key=lambda capture: place[capture.path])]
