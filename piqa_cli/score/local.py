"""The local engine: decode processes, a thread that finds faces and cuts views, one scorer.

The three overlap; the window between them is bounded, so memory doesn't grow with the run.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pebble import ProcessFuture

from piqa_cli.errors import CaptureError, PiqaError, Stage
from piqa_cli.models.view_types import Views
from piqa_cli.read.text import error_words
from piqa_cli.records import (
    Capture,
    Face,
    Failed,
    ModelSpec,
    Photo,
    PhotoFacts,
    Prediction,
    Scored,
    Timing,
)
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.compute import describe
from piqa_cli.score.engine import Outcome
from piqa_cli.score.front import Front
from piqa_cli.score.readers import Readers
from piqa_cli.score.scorer import Scorer, Submitted
from piqa_cli.score.worker import ReadDone, keep_face, read_capture
from piqa_cli.settings import ScoreSettings

_AHEAD_PER_WORKER = 2


@dataclass(frozen=True, slots=True)
class _Prepared:
    capture: Capture
    facts: PhotoFacts
    face: Face
    views: Views
    timings: tuple[Timing, ...]


@dataclass(frozen=True, slots=True)
class _Started:
    """A batch that the processor has; None: it failed at once."""

    batch: Sequence[_Prepared | Outcome]
    submitted: Submitted | None


class LocalEngine:
    """Scores captures on this machine."""

    def __init__(
        self,
        scorer: Scorer,
        spec: ModelSpec,
        settings: ScoreSettings,
        *,
        readers: Readers,
        pictures: PictureFolder | None = None,
    ) -> None:
        self._scorer = scorer
        self._settings = settings
        self._readers = readers
        self._pictures = pictures
        self._front = Front(scorer, spec, settings.detector_rule)
        self._warnings: dict[str, None] = {}  # each once, in the order met

    @property
    def hardware(self) -> dict[str, Any]:
        """Facts about the processor, for run.json."""
        return describe(self._scorer.device)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Faults beside the scores, each once."""
        return tuple(self._warnings)

    def score(self, captures: Sequence[Capture]) -> Iterator[Outcome]:
        """Yields one outcome a capture, in the order given."""
        scorer = self._scorer
        ahead = self._settings.workers * _AHEAD_PER_WORKER + scorer.batch * scorer.in_flight
        waiting: deque[Future[_Prepared | Outcome]] = deque()
        started: deque[_Started] = deque()
        rest = iter(captures)
        front = ThreadPoolExecutor(1)
        try:
            while True:
                for capture in islice(rest, ahead - len(waiting)):
                    waiting.append(front.submit(self._prepare, capture, self._read(capture)))
                if waiting:
                    size = min(scorer.batch, len(waiting))
                    started.append(self._start([waiting.popleft().result() for _ in range(size)]))
                if not started:
                    return
                if not waiting or len(started) >= scorer.in_flight:
                    yield from self._finish(started.popleft())
        except BaseException:
            self._readers.stop()  # first, or the thread would wait for a process that hangs
            raise
        finally:
            front.shutdown(cancel_futures=True)

    def _read(self, capture: Capture) -> ProcessFuture:
        settings = self._settings
        return self._readers.submit(
            read_capture,
            capture.file,
            settings.working_side_px,
            self._pictures,
            damaged=settings.damaged,
        )

    def _prepare(self, capture: Capture, reading: ProcessFuture) -> _Prepared | Outcome:
        """Waits for the pixels, finds the face, cuts the views."""
        facts: PhotoFacts | None = None
        stage: Stage = "read"
        try:
            done: ReadDone = self._readers.result_of(reading)
            self._note(done.pictures_error)
            facts = done.photo.facts
            stage = "face"
            self._front.check_size(facts)
            start = time.perf_counter()
            face = self._front.find_face(done.photo, capture.face_source, capture.given_face)
            found = time.perf_counter()
            stage = "score"
            views = self._cut(done.photo, face)
            cut = time.perf_counter()
        except CaptureError as error:
            return Outcome(Failed(capture, error.stage, error.reason, facts))
        except PiqaError:
            raise
        except Exception as error:
            return Outcome(Failed(capture, stage, _unexpected(error), facts))
        seconds = {
            "read": done.read_s,
            "pictures": done.pictures_s,
            "face": found - start,
            "views": cut - found,
        }
        timings = tuple(Timing(capture.path, stage, value) for stage, value in seconds.items())
        return _Prepared(capture, facts, face, views, timings)

    def _cut(self, photo: Photo, face: Face) -> Views:
        """Cuts the views; keeps the face's picture for the pages."""
        if face.box is not None and self._pictures is not None:
            self._note(keep_face(photo, face.box, self._pictures))
        return self._front.cut(photo, face)

    def _note(self, pictures_error: str | None) -> None:
        """A page's picture that can't be written is worth one warning, never a score."""
        if pictures_error is not None:
            where = self._pictures.path if self._pictures else None
            self._warnings[f"pictures can't be written to {where}: {pictures_error}"] = None

    def _start(self, batch: Sequence[_Prepared | Outcome]) -> _Started:
        """Gives what could be prepared to the processor; a failure is dealt with at the end."""
        views = [item.views for item in batch if isinstance(item, _Prepared)]
        try:
            return _Started(batch, self._scorer.submit(views))
        except PiqaError:
            raise
        except Exception:
            return _Started(batch, None)

    def _predict(self, started: _Started) -> tuple[Sequence[Prediction | Exception], float]:
        """Predictions and their seconds; where a batch fails, only the culprit is lost."""
        try:
            if started.submitted is not None:
                return self._scorer.collect(started.submitted)
        except PiqaError:
            raise
        except Exception:  # which photograph it was shows below
            pass
        start = time.perf_counter()
        ready = [item for item in started.batch if isinstance(item, _Prepared)]
        predictions = [self._predict_one(item) for item in ready]
        return predictions, time.perf_counter() - start

    def _predict_one(self, item: _Prepared) -> Prediction | Exception:
        try:
            return self._scorer.score([item.views])[0]
        except PiqaError:
            raise
        except Exception as error:
            return error

    def _finish(self, started: _Started) -> Iterator[Outcome]:
        """Waits for the scores of a batch and yields all in order."""
        predictions, total = self._predict(started)
        rest = iter(predictions)
        seconds = total / max(1, len(predictions))
        for item in started.batch:
            if isinstance(item, Outcome):
                yield item
                continue
            timing = Timing(item.capture.path, "score", seconds)
            yield Outcome(_judged(item, next(rest)), (*item.timings, timing))


def _unexpected(error: Exception) -> str:
    """One line on what no one foresaw; it costs the one capture."""
    lines = str(error).strip().splitlines() or [error_words(error)]
    return f"{type(error).__name__}: {lines[0]}"


def _judged(item: _Prepared, prediction: Prediction | Exception) -> Scored | Failed:
    """A score that isn't a number is a failure, never a rank."""
    if isinstance(prediction, Exception):
        return Failed(item.capture, "score", _unexpected(prediction), item.facts)
    if math.isfinite(prediction.score):
        return Scored(item.capture, item.facts, item.face, prediction)
    return Failed(item.capture, "score", "the model gave no finite score", item.facts)
