"""Scores for captures: from the cache where they are known, else from the engine.

torch is imported only if something is left to score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from piqa_cli.errors import CaptureError, PiqaError
from piqa_cli.face.detect import DETECTOR_VERSION
from piqa_cli.models.catalogue import spec_of
from piqa_cli.processors import available_processors
from piqa_cli.read.decode import READ_VERSION
from piqa_cli.records import Capture, Failed, ModelSpec, Recipe, Scored, Timing
from piqa_cli.resources import cache_file
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.cache import ScoreCache
from piqa_cli.score.cache_size import limit_bytes
from piqa_cli.score.fingerprint import Key, key_of
from piqa_cli.score.known_scores import KnownScores
from piqa_cli.score.readers import Readers
from piqa_cli.score.remake import remake_missing
from piqa_cli.settings import ScoreSettings
from piqa_cli.weights.store import Bundle, find

Progress = Callable[[Iterator["Scored | Failed"], int], Iterator["Scored | Failed"]]
"""Wraps the captures still to be scored, with their number (a progress bar)."""


@dataclass(slots=True)
class Scores:
    """Result of scoring.

    Attributes:
        spec, recipe, bundle: the model, how it scored, and its weights.
        results: one for each capture, in the order given.
        fingerprints: by capture path, where the file could be read.
        timings: of the captures that were scored now.
        reused: how many scores came from the cache or from an equal file.
        warnings: what went wrong beside the scores.
        hardware: what scored; empty where all was known already.
    """

    spec: ModelSpec
    recipe: Recipe
    bundle: Bundle
    results: list[Scored | Failed] = field(default_factory=list)
    fingerprints: dict[str, str] = field(default_factory=dict)
    timings: list[Timing] = field(default_factory=list)
    reused: int = 0
    warnings: tuple[str, ...] = ()
    hardware: dict[str, Any] = field(default_factory=dict)


def score_captures(
    captures: Sequence[Capture],
    settings: ScoreSettings,
    *,
    pictures: PictureFolder | None = None,
    progress: Progress = lambda items, _total: items,
) -> Scores:
    """Scores every capture once; equal files with equal faces share one score.

    Args:
        captures: what to score.
        settings: how.
        pictures: which pictures to make for the pages, and where; None: make none.
        progress: wraps the work still to be done.

    Raises:
        PiqaError: no such model, or the cache is unusable.
        MissingPartError: weights or processor are missing.
    """
    spec, bundle = spec_of(settings.model), find(settings.model, settings.weights)
    recipe = _recipe(spec, bundle, settings)
    keys, failed = _keys(recipe, captures)
    scores = Scores(spec, recipe, bundle)
    scores.fingerprints = {path: key.fingerprint for path, key in keys.items()}
    warnings: list[str] = []
    with (
        _cache(settings, warnings) as cache,
        Readers(workers=settings.workers, timeout_s=settings.timeout_s) as readers,
    ):
        known = KnownScores(cache, keys, failed)
        if not settings.fresh:
            processor = None if settings.compute == "auto" else settings.compute
            known.look_up(captures, readers, processor=processor, damaged=settings.damaged)
        todo = known.todo(captures)
        fresh = _score_now(todo, settings, scores, readers=readers, pictures=pictures)
        scored_now = sum(
            known.keep(result, model=spec.name, processor=scores.hardware["compute"])
            for result in progress(fresh, len(todo))
        )
        scores.results = [known.result_of(capture) for capture in captures]
        scores.reused = sum(isinstance(r, Scored) for r in scores.results) - scored_now
        scores.warnings = (*scores.warnings, *known.warnings)
        if pictures is not None:
            scores.warnings += remake_missing(scores.results, settings, readers, pictures)
    scores.warnings += tuple(warnings)
    return scores


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


def _keys(recipe: Recipe, captures: Sequence[Capture]) -> tuple[dict[str, Key], dict[str, Failed]]:
    """Keys by path, and the captures whose file can't be read."""

    def attempt(capture: Capture) -> Key | Failed:
        try:
            return key_of(recipe, capture)
        except CaptureError as error:
            return Failed(capture, error.stage, error.reason)

    with ThreadPoolExecutor(available_processors()) as threads:
        attempts = list(threads.map(attempt, captures))
    pairs = list(zip(captures, attempts, strict=True))
    keys = {c.path: a for c, a in pairs if isinstance(a, Key)}
    return keys, {c.path: a for c, a in pairs if isinstance(a, Failed)}


def _score_now(
    todo: Sequence[Capture],
    settings: ScoreSettings,
    scores: Scores,
    *,
    readers: Readers,
    pictures: PictureFolder | None,
) -> Iterator[Scored | Failed]:
    """Runs the engine; this is where torch is imported, and only if there is work."""
    if not todo:
        return
    from piqa_cli.score.compute import describe
    from piqa_cli.score.local import LocalEngine
    from piqa_cli.score.scorer import load_scorer

    scorer = load_scorer(
        scores.bundle, compute=settings.compute, precision=settings.effective_precision
    )
    scores.hardware = describe(scorer.device)
    engine = LocalEngine(scorer, scores.spec, settings, readers=readers, pictures=pictures)
    for outcome in engine.score(todo):
        scores.timings += outcome.timings
        yield outcome.result
    scores.warnings = tuple(engine.warnings)
