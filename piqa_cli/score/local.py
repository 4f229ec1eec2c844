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
from pathlib import Path

from pebble import ProcessFuture

from piqa_cli.errors import CaptureError
from piqa_cli.face.boxes import to_original, to_working
from piqa_cli.face.detect import FaceDetector
from piqa_cli.models.protocol import Views
from piqa_cli.records import (
    Box,
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
from piqa_cli.score.readers import Readers
from piqa_cli.score.scorer import Scorer
from piqa_cli.score.worker import ReadDone, read_capture
from piqa_cli.settings import ScoreSettings
from piqa_cli.write.pictures import save_face

_AHEAD_PER_WORKER = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one capture, and the seconds it took."""

    result: Scored | Failed
    timings: tuple[Timing, ...] = ()


@dataclass(frozen=True, slots=True)
class _Prepared:
    capture: Capture
    facts: PhotoFacts
    face: Face
    views: Views
    timings: tuple[Timing, ...]


class LocalEngine:
    """Scores captures on this machine.

    Attributes:
        pictures: folder for the pages' pictures; None: make none.
    """

    def __init__(
        self,
        scorer: Scorer,
        spec: ModelSpec,
        settings: ScoreSettings,
        *,
        readers: Readers,
        pictures: Path | None = None,
    ) -> None:
        self._scorer = scorer
        self._spec = spec
        self._settings = settings
        self._readers = readers
        self._pictures = pictures
        self._detector: FaceDetector | None = None

    def score(self, captures: Sequence[Capture]) -> Iterator[Outcome]:
        """Yields one outcome a capture, in the order given."""
        ahead = self._settings.workers * _AHEAD_PER_WORKER + self._scorer.batch
        waiting: deque[Future[_Prepared | Outcome]] = deque()
        rest = iter(captures)
        with ThreadPoolExecutor(1) as front:
            try:
                while True:
                    for capture in islice(rest, ahead - len(waiting)):
                        waiting.append(front.submit(self._prepare, capture, self._read(capture)))
                    if not waiting:
                        return
                    size = min(self._scorer.batch, len(waiting))
                    yield from self._finish([waiting.popleft().result() for _ in range(size)])
            finally:
                for future in waiting:
                    future.cancel()

    def _read(self, capture: Capture) -> ProcessFuture:
        side = self._settings.working_side_px
        return self._readers.submit(read_capture, capture.file, side, self._pictures)

    def _prepare(self, capture: Capture, reading: ProcessFuture) -> _Prepared | Outcome:
        """Waits for the pixels, finds the face, cuts the views."""
        facts: PhotoFacts | None = None
        try:
            done: ReadDone = self._readers.result_of(reading)
            facts = done.photo.facts
            self._check_size(facts)
            start = time.perf_counter()
            face = self._find_face(capture, done.photo)
            found = time.perf_counter()
            views = self._cut(done.photo, face)
            cut = time.perf_counter()
        except CaptureError as error:
            return Outcome(Failed(capture, error.stage, error.reason, facts))
        seconds = {
            "read": done.read_s,
            "pictures": done.pictures_s,
            "face": found - start,
            "views": cut - found,
        }
        timings = tuple(Timing(capture.path, stage, value) for stage, value in seconds.items())
        return _Prepared(capture, facts, face, views, timings)

    def _check_size(self, facts: PhotoFacts) -> None:
        """Refuses what the model can't score, with the figure."""
        short, long = sorted((facts.working_width_px, facts.working_height_px))
        spec = self._spec
        if short < spec.min_side_px:
            raise CaptureError(
                "score",
                f"shorter side is {short} px, {spec.name} needs at least {spec.min_side_px} px",
            )
        if long > spec.max_aspect * short:
            raise CaptureError(
                "score",
                f"aspect ratio is {long / short:.1f}:1, {spec.name} takes at most "
                f"{spec.max_aspect:g}:1",
            )

    def _find_face(self, capture: Capture, photo: Photo) -> Face:
        if capture.face_source != "detect":
            return Face(capture.given_face, None, None, capture.face_source)
        if not self._spec.needs_face:
            return Face(None, None, None, "none")
        if self._detector is None:
            self._detector = FaceDetector(self._settings.face_rule, device=self._scorer.device)
        found = self._detector.detect(photo.pixels)
        box = None if found.box is None else to_original(found.box, photo.facts)
        return Face(box, found.confidence, found.n_faces, "detect")

    def _cut(self, photo: Photo, face: Face) -> Views:
        box = None if face.box is None else to_working(face.box, photo.facts)
        if box is not None and self._pictures is not None:
            save_face(photo.pixels, Box(*box), photo.facts.sha256, self._pictures)
        return self._scorer.views(photo.pixels, box)

    def _finish(self, batch: Sequence[_Prepared | Outcome]) -> Iterator[Outcome]:
        """Scores what could be prepared and yields all in order."""
        ready = [item for item in batch if isinstance(item, _Prepared)]
        start = time.perf_counter()
        predictions = iter(self._scorer.score([item.views for item in ready]))
        seconds = (time.perf_counter() - start) / max(1, len(ready))
        for item in batch:
            if isinstance(item, Outcome):
                yield item
                continue
            timing = Timing(item.capture.path, "score", seconds)
            yield Outcome(_judged(item, next(predictions)), (*item.timings, timing))


def _judged(item: _Prepared, prediction: Prediction) -> Scored | Failed:
    """A score that isn't a number is a failure, never a rank."""
    if math.isfinite(prediction.score):
        return Scored(item.capture, item.facts, item.face, prediction)
    return Failed(item.capture, "score", "the model gave no finite score", item.facts)
