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
from piqa_cli.score.scorer import Scorer
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
        self._fronts = {
            name: Front(networks.cutter(name), spec, search)
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
        rest = iter(jobs)
        front = ThreadPoolExecutor(1)

        def read_ahead(beside: int) -> None:
            ahead = self._settings.workers * _AHEAD_PER_WORKER + self._networks.batch
            for job in islice(rest, ahead - len(waiting) - beside):
                waiting.append(front.submit(self._prepare, job, self._read(job.capture)))

        try:
            while True:
                read_ahead(0)
                if not waiting:
                    return
                yield from self.finish(self._next_batch(waiting, read_ahead))
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
            views = front.cut(photo, face)
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

    def _predict(
        self, scorer: Scorer, ready: Sequence[_Prepared]
    ) -> Sequence[Prediction | Exception]:
        """Scores a batch; where that fails, photo by photo, so that only the culprit is lost."""
        try:
            return scorer.score([item.views for item in ready])
        except PiqaError:
            raise
        except Exception as error:
            if len(ready) == 1:
                return [error]
            return [prediction for item in ready for prediction in self._predict(scorer, [item])]

    def finish(self, batch: Sequence[ByModel]) -> Iterator[Outcome]:
        """Scores what could be prepared, model by model, and yields the outcomes of each in order.

        A network that is in memory runs first.
        """
        for model in self._networks.loaded_first():
            items = [found[model] for found in batch if model in found]
            if items:
                yield from self._finish_model(model, items)

    def _finish_model(self, model: str, items: Sequence[_Prepared | Outcome]) -> Iterator[Outcome]:
        ready = [item for item in items if isinstance(item, _Prepared)]
        start = time.perf_counter()
        predictions = iter(self._predict(self._networks.scorer(model), ready) if ready else ())
        seconds = (time.perf_counter() - start) / max(1, len(ready))
        for item in items:
            if isinstance(item, Outcome):
                yield item
                continue
            timing = Timing(item.capture.path, "score", seconds)
            result = _judged(item, next(predictions), model_of(model).explanations)
            yield Outcome(model, result, (*item.timings, timing))


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
