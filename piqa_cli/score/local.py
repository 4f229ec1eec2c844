"""The local engine: processes that read, find faces and cut views, and the networks.

The two overlap; the window between them is bounded in captures and in bytes, so memory doesn't grow
with the run. Networks of small models run in those processes, too, where a CPU computes them.
"""

from __future__ import annotations

import math
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from pebble import ProcessFuture

from piqa_cli.columns import Column
from piqa_cli.errors import CaptureError, PiqaError
from piqa_cli.face.landmarks import finder_for
from piqa_cli.main_memory import free_memory_bytes, waiting_bytes
from piqa_cli.models.catalogue import model_of
from piqa_cli.models.explanations import fault_of
from piqa_cli.models.view_types import Views
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
from piqa_cli.score.front_process import (
    Failure,
    FrontDone,
    FrontPlan,
    ModelPart,
    imports_of,
    prepare_capture,
    unexpected,
)
from piqa_cli.score.networks import Networks
from piqa_cli.score.readers import Readers
from piqa_cli.settings import ScoreSettings

if TYPE_CHECKING:
    from piqa_cli.score.scorer import Submitted

_AHEAD_PER_WORKER = 2
_UNKNOWN_BYTES = 36 << 20  # of a capture, until one has come: pixels of 12 MP


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
        self._plan: FrontPlan | None = None
        finder = finder_for(networks.specs.values(), settings.landmarks)
        search = FaceSearch(settings.detector_rule)
        self._fronts = {
            name: Front(networks.cutter(name).views, networks.specs[name], search, finder)
            for name in networks.loaded_first()
        }
        self._bytes: int | None = None  # of the largest capture so far that waited
        self._ahead_bytes = waiting_bytes(settings.workers, free_memory_bytes())
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
            largest = _UNKNOWN_BYTES if self._bytes is None else self._bytes
            ahead = min(ahead, max(1, self._ahead_bytes // max(1, largest)))
            for job in islice(rest, ahead - len(waiting) - beside):
                waiting.append(front.submit(self._prepare, job, self._read(job)))

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
            size = sum(i.bytes for i in batch[-1].values() if isinstance(i, _Prepared))
            held, self._bytes = held + size, max(self._bytes or 0, size)
            # Networks that wait for one another take long: meanwhile the batch may be replaced.
            read_ahead(0 if self._networks.in_turn else len(batch))
        return batch

    def prepare(self, jobs: Sequence[Job]) -> list[ByModel]:
        """Reads the captures of jobs and cuts their views, in order; `finish` scores them."""
        readings = [self._read(job) for job in jobs]
        return [self._prepare(job, reading) for job, reading in zip(jobs, readings, strict=True)]

    def _read(self, job: Job) -> ProcessFuture:
        if self._plan is None:  # an actor of Ray reads nothing, and needs no processes
            self._plan = self._front_plan()
        return self._readers.submit(prepare_capture, self._plan, job)

    def _front_plan(self) -> FrontPlan:
        return FrontPlan(
            key=secrets.token_hex(8),
            models=self._networks.front_models(),
            working_side_px=self._settings.working_side_px,
            damaged=self._settings.damaged,
            detector_rule=self._settings.detector_rule,
            pictures=self._pictures,
            exchange=self._readers.share(imports_of(self._networks.specs.values())),
        )

    def _prepare(self, job: Job, reading: ProcessFuture) -> ByModel:
        """Waits for what a front process makes of a capture, for every model."""
        try:
            done: FrontDone = self._readers.result_of(reading)
            pixels = done.pixels.unpack()["pixels"] if done.pixels else None
            self._bytes = max(self._bytes or 0, 0 if pixels is None else pixels.nbytes)
        except CaptureError as error:
            return _failed(job, error)
        except PiqaError:
            raise
        except Exception as error:
            return _failed(job, CaptureError("read", unexpected(error)))
        for text in done.picture_errors:
            self._note(text)
        photo = None if pixels is None else Photo(done.facts, pixels)
        return {
            part.model: self._taken(part, job.capture, done.facts, photo) for part in done.parts
        }

    def _taken(
        self, part: ModelPart, capture: Capture, facts: PhotoFacts, photo: Photo | None
    ) -> _Prepared | Outcome:
        """A model's part of a capture: views for its network, or how it ended."""
        failure, views, start = part.failure, None, time.perf_counter()
        if failure is None and part.prediction is None:
            views, failure = self._views_of(part, capture, photo)
        if failure is not None:
            return Outcome(part.model, Failed(capture, *failure, facts))
        assert part.face is not None
        seconds = part.seconds
        if views is not None:
            own_s = time.perf_counter() - start
            seconds = {**seconds, "views": seconds.get("views", 0.0) + own_s}
        timings = tuple(Timing(capture.path, stage, value) for stage, value in seconds.items())
        if views is not None:
            return _Prepared(part.model, capture, facts, part.face, views, timings)
        assert part.prediction is not None
        columns = model_of(part.model).explanations
        result = _judged(capture, facts, part.face, part.prediction, columns)
        return Outcome(part.model, result, timings)

    def _views_of(
        self, part: ModelPart, capture: Capture, photo: Photo | None
    ) -> tuple[Views | None, Failure | None]:
        """The views that a front process cut, or new ones; or why there are none."""
        try:
            if part.views is not None:
                return part.views.unpack(), None
            assert photo is not None
            assert part.face is not None
            front = self._fronts[part.model]
            return front.cut(photo, part.face, capture.given_landmarks), None
        except CaptureError as error:
            return None, (error.stage, error.reason)
        except PiqaError:
            raise
        except Exception as error:
            return None, ("score", unexpected(error))

    def _note(self, pictures_error: str) -> None:
        """A page's picture that can't be written is worth one warning, never a score."""
        where = self._pictures.path if self._pictures else None
        self._warnings[f"pictures can't be written to {where}: {pictures_error}"] = None

    def finish(self, batch: Sequence[ByModel]) -> Iterator[Outcome]:
        """Scores what could be prepared, model by model; yields outcomes of each in order."""
        return self._finish([*self._start(batch)])

    def _start(self, batch: Sequence[ByModel]) -> Iterator[_Started]:
        """Gives what could be prepared to the networks, model by model.

        A network that is in memory runs first. What fails is dealt with at the end.
        """
        for model in (*self._networks.loaded_first(), *self._networks.small):
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
        try:
            if started.submitted is not None:
                return self._networks.cutter(started.model).collect(started.submitted)
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
                result = _judged(item.capture, item.facts, item.face, next(rest), own)
                yield Outcome(started.model, result, (*item.timings, timing))


def _failed(job: Job, error: CaptureError) -> ByModel:
    """A capture that no model scores."""
    failed = Failed(job.capture, error.stage, error.reason)
    return {model: Outcome(model, failed) for model in job.models}


def _judged(
    capture: Capture,
    facts: PhotoFacts,
    face: Face,
    prediction: Prediction | Exception,
    columns: Sequence[Column],
) -> Scored | Failed:
    """A score that isn't a number, or that tables can't explain, is a failure, never a rank."""
    if isinstance(prediction, Exception):
        return Failed(capture, "score", unexpected(prediction), facts)
    if not math.isfinite(prediction.score):
        return Failed(capture, "score", "the model gave no finite score", facts)
    if (fault := fault_of(prediction.explanation, columns)) is not None:
        return Failed(capture, "score", fault, facts)
    return Scored(capture, facts, face, prediction)
