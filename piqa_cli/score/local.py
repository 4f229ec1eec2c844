"""The local engine: decode processes, a thread that finds faces and cuts views, the networks.

The three overlap; the window between them is bounded, so memory doesn't grow with the run.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pebble import ProcessFuture

from piqa_cli.columns import Column
from piqa_cli.errors import CaptureError, PiqaError, Stage
from piqa_cli.face.landmarks import finder_for
from piqa_cli.models.catalogue import model_of
from piqa_cli.models.explanations import fault_of
from piqa_cli.models.view_types import Views
from piqa_cli.read.text import error_words
from piqa_cli.records import (
    Capture,
    Face,
    Failed,
    Photo,
    PhotoFacts,
    Prediction,
    Scored,
    Timing,
)
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.compute import describe
from piqa_cli.score.engine import Job, Outcome
from piqa_cli.score.front import FaceSearch, Front
from piqa_cli.score.networks import Networks
from piqa_cli.score.readers import Readers
from piqa_cli.score.scorer import Submitted
from piqa_cli.score.worker import ReadDone, read_capture
from piqa_cli.score.worker import keep_face as save_face_picture
from piqa_cli.settings import ScoreSettings

_AHEAD_PER_WORKER = 2


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A photograph whose views are cut for one model."""

    model: str
    capture: Capture
    facts: PhotoFacts
    face: Face
    views: Views
    timings: tuple[Timing, ...]

    @property
    def bytes(self) -> int:
        """Size of the views."""
        return sum(view.nbytes for view in self.views.values())


ByModel = dict[str, _Prepared | Outcome]
"""One capture before the networks run, by model: prepared, or failed already."""


@dataclass(frozen=True, slots=True)
class _Started:
    """Captures of one batch that a model scores; None: the network failed at once."""

    model: str
    items: Sequence[_Prepared | Outcome]
    submitted: Submitted | None

    @property
    def ready(self) -> list[_Prepared]:
        """Those that could be prepared."""
        return [item for item in self.items if isinstance(item, _Prepared)]


class LocalEngine:
    """Scores captures on this machine."""

    def __init__(
        self,
        networks: Networks,
        settings: ScoreSettings,
        *,
        readers: Readers,
        pictures: PictureFolder | None = None,
    ) -> None:
        self._networks = networks
        self._settings = settings
        self._readers = readers
        self._pictures = pictures
        search = FaceSearch(networks.device, settings.detector_rule)
        finder = finder_for(networks.specs.values(), settings.landmarks)
        self._fronts = {
            name: Front(networks.cutter(name), spec, search, finder)
            for name, spec in networks.specs.items()
        }
        self._warnings: dict[str, None] = {}  # each once, in the order met

    @property
    def hardware(self) -> dict[str, Any]:
        """Facts about the processor, for run.json; of several networks how memory holds them."""
        facts = describe(self._networks.device)
        if len(self._networks.specs) == 1:
            return facts
        return facts | {"networks": "in turn" if self._networks.in_turn else "side by side"}

    @property
    def warnings(self) -> tuple[str, ...]:
        """Faults beside the scores, each once."""
        return tuple(self._warnings)

    def score(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        """Yields one outcome for each model of each job, those of one model in the jobs' order."""
        waiting: deque[Future[ByModel]] = deque()
        started: deque[list[_Started]] = deque()
        rest = iter(jobs)
        front = ThreadPoolExecutor(1)

        def read_ahead(beside: int) -> None:
            ahead = self._settings.workers * _AHEAD_PER_WORKER
            ahead += self._networks.batch * self._networks.in_flight
            for job in islice(rest, ahead - len(waiting) - beside):
                waiting.append(front.submit(self._prepare, job, self._read(job.capture)))

        try:
            while True:
                read_ahead(0)
                if waiting:
                    batch = self._next_batch(waiting, read_ahead)
                    started.append([*self._start(batch)])
                if not started:
                    return
                if not waiting or len(started) >= self._networks.in_flight:
                    yield from self._finish(started.popleft())
        except BaseException:
            self._readers.stop()  # first, or the thread would wait for a process that hangs
            raise
        finally:
            front.shutdown(cancel_futures=True)

    def _next_batch(
        self, waiting: deque[Future[ByModel]], read_ahead: Callable[[int], None]
    ) -> list[ByModel]:
        """Captures to score now: a batch of the networks, or all whose views memory holds."""
        batch: list[ByModel] = []
        held = 0
        while waiting and (len(batch) < self._networks.batch or held < self._networks.room_bytes):
            batch.append(waiting.popleft().result())
            held += sum(i.bytes for i in batch[-1].values() if isinstance(i, _Prepared))
            # Networks that wait for one another take long: meanwhile the batch may be replaced.
            read_ahead(0 if self._networks.in_turn else len(batch))
        return batch

    def prepare(self, jobs: Sequence[Job]) -> list[ByModel]:
        """Reads the captures of jobs and cuts their views, in order; `finish` scores them."""
        readings = [self._read(job.capture) for job in jobs]
        return [self._prepare(job, reading) for job, reading in zip(jobs, readings, strict=True)]

    def _read(self, capture: Capture) -> ProcessFuture:
        settings = self._settings
        return self._readers.submit(
            read_capture,
            capture.file,
            settings.working_side_px,
            self._pictures,
            damaged=settings.damaged,
        )

    def _prepare(self, job: Job, reading: ProcessFuture) -> ByModel:
        """Waits for the pixels, then finds the face and cuts the views of every model."""
        capture = job.capture
        try:
            done: ReadDone = self._readers.result_of(reading)
        except CaptureError as error:
            failed = Failed(capture, error.stage, error.reason)
            return {model: Outcome(model, failed) for model in job.models}
        except PiqaError:
            raise
        except Exception as error:
            failed = Failed(capture, "read", _unexpected(error))
            return {model: Outcome(model, failed) for model in job.models}
        self._note(done.pictures_error)
        shared = {"read": done.read_s, "pictures": done.pictures_s}
        prepared: ByModel = {}
        face_kept = self._pictures is None
        for model in job.models:
            prepared[model] = found = self._prepare_for(
                model, capture, done.photo, shared, keep_face=not face_kept
            )
            if isinstance(found, _Prepared):
                shared = {}  # the seconds of the next model's run don't count them again
                face_kept |= found.face.box is not None
        return prepared

    def _prepare_for(
        self,
        model: str,
        capture: Capture,
        photo: Photo,
        shared: Mapping[str, float],
        *,
        keep_face: bool,
    ) -> _Prepared | Outcome:
        """Finds the face, unless another model did so, and cuts a model's views."""
        front = self._fronts[model]
        stage: Stage = "face"
        try:
            front.check_size(photo.facts)
            start = time.perf_counter()
            face = front.find_face(photo, capture.face_source, capture.given_face)
            found = time.perf_counter()
            stage = "score"
            if keep_face:
                self._keep_face(photo, face)
            views = front.cut(photo, face, capture.given_landmarks)
            cut = time.perf_counter()
        except CaptureError as error:
            return Outcome(model, Failed(capture, error.stage, error.reason, photo.facts))
        except PiqaError:
            raise
        except Exception as error:
            return Outcome(model, Failed(capture, stage, _unexpected(error), photo.facts))
        seconds = {**shared, "face": found - start, "views": cut - found}
        timings = tuple(Timing(capture.path, stage, value) for stage, value in seconds.items())
        return _Prepared(model, capture, photo.facts, face, views, timings)

    def _keep_face(self, photo: Photo, face: Face) -> None:
        """Keeps the face's picture for the pages."""
        if face.box is not None and self._pictures is not None:
            self._note(save_face_picture(photo, face.box, self._pictures))

    def _note(self, pictures_error: str | None) -> None:
        """A page's picture that can't be written is worth one warning, never a score."""
        if pictures_error is not None:
            where = self._pictures.path if self._pictures else None
            self._warnings[f"pictures can't be written to {where}: {pictures_error}"] = None

    def finish(self, batch: Sequence[ByModel]) -> Iterator[Outcome]:
        """Scores what could be prepared, model by model; yields outcomes of each in order."""
        return self._finish([*self._start(batch)])

    def _start(self, batch: Sequence[ByModel]) -> Iterator[_Started]:
        """Gives what could be prepared to the networks, model by model.

        A network that is in memory runs first. What fails is dealt with at the end.
        """
        for model in self._networks.loaded_first():
            items = [found[model] for found in batch if model in found]
            views = [item.views for item in items if isinstance(item, _Prepared)]
            submitted = None
            if views:
                try:
                    submitted = self._networks.scorer(model).submit(views)
                except PiqaError:
                    raise
                except Exception:  # which photograph it was shows when they are scored alone
                    submitted = None
            if items:
                yield _Started(model, items, submitted)

    def _predict(self, started: _Started) -> tuple[Sequence[Prediction | Exception], float]:
        """Predictions and their seconds; where a batch fails, only the culprit is lost."""
        scorer = self._networks.cutter(started.model)
        try:
            if started.submitted is not None:
                return scorer.collect(started.submitted)
        except PiqaError:
            raise
        except Exception:  # as above
            pass
        start = time.perf_counter()
        predictions = [self._predict_one(started.model, item) for item in started.ready]
        return predictions, time.perf_counter() - start

    def _predict_one(self, model: str, item: _Prepared) -> Prediction | Exception:
        try:
            return self._networks.scorer(model).score([item.views])[0]
        except PiqaError:
            raise
        except Exception as error:
            return error

    def _finish(self, batch: Sequence[_Started]) -> Iterator[Outcome]:
        """Waits for the scores of a batch; yields the outcomes of each model in order."""
        for started in batch:
            predictions, total = self._predict(started)
            rest = iter(predictions)
            seconds = total / max(1, len(predictions))
            for item in started.items:
                if isinstance(item, Outcome):
                    yield item
                    continue
                timing = Timing(item.capture.path, "score", seconds)
                own = model_of(started.model).explanations
                result = _judged(item, next(rest), own)
                yield Outcome(started.model, result, (*item.timings, timing))


def _unexpected(error: Exception) -> str:
    """One line on what no one foresaw; it costs the one capture."""
    lines = str(error).strip().splitlines() or [error_words(error)]
    return f"{type(error).__name__}: {lines[0]}"


def _judged(
    item: _Prepared, prediction: Prediction | Exception, columns: Sequence[Column]
) -> Scored | Failed:
    """A score that isn't a number, or that tables can't explain, is a failure, never a rank."""
    if isinstance(prediction, Exception):
        return Failed(item.capture, "score", _unexpected(prediction), item.facts)
    if not math.isfinite(prediction.score):
        return Failed(item.capture, "score", "the model gave no finite score", item.facts)
    if (fault := fault_of(prediction.explanation, columns)) is not None:
        return Failed(item.capture, "score", fault, item.facts)
    return Scored(item.capture, item.facts, item.face, prediction)
