"""Scores for captures: from the cache where they are known, else from the engine.

torch is imported only if something is left to score.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from piqa_cli.errors import CaptureError
from piqa_cli.records import Capture, Failed, ModelSpec, Scored, Timing
from piqa_cli.resources import cache_file
from piqa_cli.score.cache import ScoreCache
from piqa_cli.score.fingerprint import Protocol, fingerprint
from piqa_cli.score.readers import Readers
from piqa_cli.score.worker import remake_pictures
from piqa_cli.settings import ScoreSettings
from piqa_cli.weights.catalogue import spec_of
from piqa_cli.weights.store import Bundle, find
from piqa_cli.write.pictures import missing_pictures

Progress = Callable[[Iterator["Scored | Failed"], int], Iterator["Scored | Failed"]]
"""Wraps the captures still to be scored, with their number (a progress bar)."""


@dataclass(slots=True)
class Scores:
    """What scoring gave.

    Attributes:
        results: one for each capture, in the order given.
        fingerprints: by capture path, where the file could be read.
        timings: of the captures that were scored now.
        reused: how many scores came from the cache or from an equal file.
        spec, protocol, bundle: who spoke, and how.
        hardware: what scored; empty where all was known already.
    """

    results: list[Scored | Failed]
    fingerprints: dict[str, str]
    timings: list[Timing]
    reused: int
    spec: ModelSpec
    protocol: Protocol
    bundle: Bundle
    hardware: dict[str, Any] = field(default_factory=dict)


def score_captures(
    captures: Sequence[Capture],
    settings: ScoreSettings,
    *,
    pictures: Path | None = None,
    progress: Progress = lambda items, _total: items,
) -> Scores:
    """Scores every capture once; equal files with equal faces share one score.

    Args:
        captures: what to score.
        settings: how.
        pictures: folder for the pages' pictures; None: make none.
        progress: wraps the work still to be done.

    Raises:
        PiqaError: no such model, or the cache is unusable.
        MissingPartError: weights or processor are missing.
    """
    spec = spec_of(settings.model)
    bundle = find(settings.model)
    protocol = _protocol(spec, bundle, settings)
    keys, failed = _fingerprints(protocol, captures)
    with ScoreCache(cache_file()) if settings.use_cache else nullcontext() as cache:
        known = cache.get(keys.values()) if cache else {}
        todo = _once([c for c in captures if c.path in keys], keys, known)
        scores = Scores([], keys, [], len(keys) - len(todo), spec, protocol, bundle)
        with Readers(workers=settings.workers, timeout_s=settings.timeout_s) as readers:
            fresh = _score_now(todo, settings, scores, readers=readers, pictures=pictures)
            for result in progress(fresh, len(todo)):
                key = keys[result.capture.path]
                if isinstance(result, Scored):
                    known[key] = result
                    if cache:
                        cache.put(key, result)
                else:
                    failed[key] = result
            results = [_adopt(capture, keys, known, failed) for capture in captures]
            scores.results = results
            if pictures is not None:
                _remake(results, settings, readers, pictures)
    return scores


def _protocol(spec: ModelSpec, bundle: Bundle, settings: ScoreSettings) -> Protocol:
    return Protocol(
        model=spec.name,
        weights_sha256=bundle.sha256,
        preprocessing=spec.preprocessing,
        working_size=settings.working_size,
        face_rule=settings.face_rule,
        precision="bf16" if settings.precision == "bf16" else "fp32",
    )


def _fingerprints(
    protocol: Protocol, captures: Sequence[Capture]
) -> tuple[dict[str, str], dict[str, Failed]]:
    """Fingerprints by path, and the captures whose file can't be read."""

    def attempt(capture: Capture) -> str | Failed:
        try:
            return fingerprint(protocol, capture)
        except CaptureError as error:
            return Failed(capture, error.stage, error.reason)

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        attempts = list(threads.map(attempt, captures))
    pairs = list(zip(captures, attempts, strict=True))
    keys = {c.path: a for c, a in pairs if isinstance(a, str)}
    return keys, {c.path: a for c, a in pairs if isinstance(a, Failed)}


def _once(
    captures: Sequence[Capture], keys: dict[str, str], known: dict[str, Scored]
) -> list[Capture]:
    """The captures to score now: the first of each fingerprint that isn't known."""
    first: dict[str, Capture] = {}
    for capture in captures:
        first.setdefault(keys[capture.path], capture)
    return [capture for key, capture in first.items() if key not in known]


def _score_now(
    todo: Sequence[Capture],
    settings: ScoreSettings,
    scores: Scores,
    *,
    readers: Readers,
    pictures: Path | None,
) -> Iterator[Scored | Failed]:
    """Runs the engine; this is where torch is imported, and only if there is work."""
    if not todo:
        return
    from piqa_cli.score.compute import describe
    from piqa_cli.score.local import LocalEngine
    from piqa_cli.score.scorer import load_scorer

    scorer = load_scorer(scores.bundle, compute=settings.compute, precision=settings.precision)
    scores.hardware = describe(scorer.device)
    engine = LocalEngine(scorer, scores.spec, settings, readers=readers, pictures=pictures)
    for outcome in engine.score(todo):
        scores.timings += outcome.timings
        yield outcome.result


def _adopt(
    capture: Capture, keys: dict[str, str], known: dict[str, Scored], failed: dict[str, Failed]
) -> Scored | Failed:
    """Gives a capture the result of its fingerprint (failures without one go by path)."""
    key = keys.get(capture.path)
    if key is not None and key in known:
        return replace(known[key], capture=capture)
    return replace(failed[key or capture.path], capture=capture)


def _remake(
    results: Sequence[Scored | Failed],
    settings: ScoreSettings,
    readers: Readers,
    pictures: Path,
) -> None:
    """Makes the pictures that are missing for scores that were known already."""
    lacking = {
        result.facts.sha256: result
        for result in results
        if isinstance(result, Scored)
        and missing_pictures(result.facts.sha256, pictures, face=result.face.box is not None)
    }
    futures = [
        readers.submit(
            remake_pictures,
            result.capture.file,
            settings.working_side_px,
            pictures,
            result.face.box,
        )
        for result in lacking.values()
    ]
    for future in futures:
        try:
            readers.result_of(future)
        except CaptureError:
            continue  # the page shows a placeholder; the score stands
