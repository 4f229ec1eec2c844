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
from piqa_cli.score.engine import EngineTask, StartEngine, start_local
from piqa_cli.score.fingerprint import Key, key_of
from piqa_cli.score.known_scores import KnownScores
from piqa_cli.score.readers import Readers
from piqa_cli.score.remake import remake_missing
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
        known = KnownScores(cache, keys, failed)
        if not settings.fresh:
            processor = None if settings.compute == "auto" else settings.compute
            known.look_up(captures, readers, processor=processor, damaged=settings.damaged)
        task = EngineTask(spec, bundle, settings, readers, pictures)
        now = _score_now(known, known.todo(captures), task, progress=progress, start=start)
        results = [known.result_of(capture) for capture in captures]
        if pictures is not None:
            warnings += remake_missing(results, settings, readers, pictures)
    return Findings(
        results=results,
        source=spec,
        recipe=recipe,
        fingerprints={path: key.fingerprint for path, key in keys.items()},
        timings=now.timings,
        reused=sum(isinstance(result, Scored) for result in results) - now.scored,
        warnings=(*now.warnings, *known.warnings, *warnings),
        hardware=now.hardware,
    )


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


@dataclass(frozen=True, slots=True)
class _ScoredNow:
    """The engine's part of a run; empty where all was known."""

    scored: int = 0
    timings: tuple[Timing, ...] = ()
    warnings: tuple[str, ...] = ()
    hardware: Mapping[str, Any] = field(default_factory=dict)


def _score_now(
    known: KnownScores,
    todo: Sequence[Capture],
    task: EngineTask,
    *,
    progress: Progress,
    start: StartEngine,
) -> _ScoredNow:
    """Runs the engine over what isn't known, and keeps every score as it comes."""
    if not todo:
        return _ScoredNow()
    engine = start(task)
    hardware = engine.hardware
    timings: list[Timing] = []

    def results() -> Iterator[Scored | Failed]:
        for outcome in engine.score(todo):
            timings.extend(outcome.timings)
            yield outcome.result

    scored = sum(
        known.keep(result, model=task.spec.name, processor=hardware["compute"])
        for result in progress(results(), len(todo), "score")
    )
    return _ScoredNow(scored, tuple(timings), tuple(engine.warnings), hardware)
