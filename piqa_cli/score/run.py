"""Scores for captures: from the cache where they are known, else from the engine.

torch is imported only if something is left to score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

from piqa_cli.errors import CaptureError, PiqaError
from piqa_cli.face.detect import DETECTOR_VERSION
from piqa_cli.models.catalogue import spec_of
from piqa_cli.processors import available_processors
from piqa_cli.read.decode import READ_VERSION
from piqa_cli.records import Capture, Failed, Findings, ModelSpec, Recipe, Scored, Timing
from piqa_cli.resources import cache_file
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.cache import ScoreCache
from piqa_cli.score.cache_size import limit_bytes
from piqa_cli.score.crops import make_crops
from piqa_cli.score.engine import Engine, EngineTask, StartEngine, start_local
from piqa_cli.score.fingerprint import Key, key_of, with_other_face
from piqa_cli.score.known_scores import KnownScores
from piqa_cli.score.readers import Readers
from piqa_cli.score.remake import remake_missing
from piqa_cli.score.scene_pass import faces_by_scene, joined, with_box
from piqa_cli.settings import ScoreSettings
from piqa_cli.weights.store import Bundle, find

Step = Literal["hash", "score"]
Item = TypeVar("Item")


class Progress(Protocol):
    """Wraps the work of a step, for a progress bar."""

    def __call__(self, items: Iterator[Item], total: int, step: Step) -> Iterator[Item]:
        """Passes the items on, one a capture; `total` is their number."""


def no_progress(items: Iterator[Item], total: int, step: Step) -> Iterator[Item]:
    """Passes the items on and shows nothing."""
    return items


def score_captures(
    captures: Sequence[Capture],
    settings: ScoreSettings,
    *,
    pictures: PictureFolder | None = None,
    progress: Progress = no_progress,
    start: StartEngine = start_local,
) -> Findings[Scored | Failed]:
    """Scores every capture once; equal files with equal faces share one score.

    Args:
        captures: what to score.
        settings: how.
        pictures: which pictures to make for the pages, and where; None: make none.
        progress: wraps the files to be hashed, then the captures to be scored.
        start: starts the engine, if the cache doesn't know everything.

    Raises:
        PiqaError: no such model, or the cache is unusable.
        MissingPartError: weights or processor are missing.
    """
    spec, bundle = spec_of(settings.model), find(settings.model, settings.weights)
    recipe = _recipe(spec, bundle, settings)
    keys, failed = _keys(recipe, captures, progress)
    warnings: list[str] = []
    with (
        _cache(settings, warnings) as cache,
        Readers(workers=settings.workers, timeout_s=settings.timeout_s) as readers,
    ):
        work = _Work(EngineTask(spec, bundle, settings, readers, pictures), progress, start)
        known = KnownScores(cache, keys, failed)
        results = work.results(captures, known)
        if settings.face_rule == "scene" and spec.needs_face:
            results = _of_one_face(results, recipe, known, work)
        if pictures is not None:
            warnings += remake_missing(results, settings, readers, pictures)
            warnings += make_crops(results, settings, readers, pictures)
    fingerprints = {path: key.fingerprint for path, key in known.keys.items()}
    final = [fingerprints[r.capture.path] for r in results if isinstance(r, Scored)]
    return Findings(
        results=results,
        source=spec,
        recipe=recipe,
        fingerprints=fingerprints,
        timings=work.timings,
        reused=len(final) - len(work.scored.intersection(final)),
        warnings=(*work.engine_warnings, *known.warnings, *warnings),
        hardware=work.hardware,
    )


def _of_one_face(
    results: Sequence[Scored | Failed], recipe: Recipe, known: KnownScores, work: _Work
) -> list[Scored | Failed]:
    """The results with the scene's face: where a capture was scored with another, once more."""
    choices = faces_by_scene(results)
    corrected = [
        with_box(result, choice)
        for result in results
        if isinstance(result, Scored)
        and (choice := choices.get(result.capture.path)) is not None
        and choice.match == "corrected"
    ]
    keys = {c.path: with_other_face(known.keys[c.path], recipe, c) for c in corrected}
    other = KnownScores(known.cache, keys, {})
    again = {result.capture.path: result for result in work.results(corrected, other)}
    known.keys = {**known.keys, **keys}
    known.warnings += other.warnings
    return joined(results, again, choices)


@contextmanager
def _cache(settings: ScoreSettings, warnings: list[str]) -> Iterator[ScoreCache | None]:
    """The cache, if there is to be one; what happens to its file is worth a warning.

    Raises:
        PiqaError: the cache is unusable, and scores were to be looked up in it.
    """
    cache = None
    if settings.use_cache:
        try:
            cache = ScoreCache(cache_file(), limit_bytes=limit_bytes())
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


def _recipe(spec: ModelSpec, bundle: Bundle, settings: ScoreSettings) -> Recipe:
    return Recipe.of_model(
        spec,
        weights_sha256=bundle.sha256,
        working_size=settings.working_size,
        precision=settings.effective_precision,
        reading=READ_VERSION,
        detector=DETECTOR_VERSION,
        face_rule=settings.face_rule,
        damaged=settings.damaged,
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

    with ThreadPoolExecutor(available_processors()) as threads:
        try:
            attempts = list(progress(threads.map(attempt, captures), len(captures), "hash"))
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
    pairs = list(zip(captures, attempts, strict=True))
    keys = {c.path: a for c, a in pairs if isinstance(a, Key)}
    return keys, {c.path: a for c, a in pairs if isinstance(a, Failed)}


@dataclass(slots=True)
class _Work:
    """The scoring of a run: what the cache doesn't know goes through one engine.

    Attributes:
        task, progress, start: as given.
        engine: None until something is left to score.
        timings: of the captures that were scored now.
        scored: fingerprints that were scored now.
    """

    task: EngineTask
    progress: Progress
    start: StartEngine
    engine: Engine | None = None
    timings: list[Timing] = field(default_factory=list)
    scored: set[str] = field(default_factory=set)

    @property
    def engine_warnings(self) -> tuple[str, ...]:
        """Warnings of the engine."""
        return tuple(self.engine.warnings) if self.engine else ()

    @property
    def hardware(self) -> Mapping[str, Any]:
        """Facts about the processor; empty where all was known."""
        return self.engine.hardware if self.engine else {}

    def results(self, captures: Sequence[Capture], known: KnownScores) -> list[Scored | Failed]:
        """Results of the captures, in their order; new scores are kept as they come."""
        settings = self.task.settings
        if not settings.fresh:
            processor = None if settings.compute == "auto" else settings.compute
            readers = self.task.readers
            known.look_up(captures, readers, processor=processor, damaged=settings.damaged)
        if todo := known.todo(captures):
            self._score(todo, known)
        return [known.result_of(capture) for capture in captures]

    def _score(self, todo: Sequence[Capture], known: KnownScores) -> None:
        self.engine = engine = self.engine or self.start(self.task)
        processor = engine.hardware["compute"]
        for result in self.progress(self._outcomes(engine, todo), len(todo), "score"):
            if known.keep(result, model=self.task.spec.name, processor=processor):
                self.scored.add(known.keys[result.capture.path].fingerprint)

    def _outcomes(self, engine: Engine, todo: Sequence[Capture]) -> Iterator[Scored | Failed]:
        for outcome in engine.score(todo):
            self.timings.extend(outcome.timings)
            yield outcome.result
