"""Work of the front processes: a file becomes face and views, and the scores of small models.

torch is imported where a picture is reduced, a face is looked for or a network runs, and uses one
thread: there are as many processes as the machine has processors.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from piqa_cli.errors import CaptureError, PiqaError, Stage
from piqa_cli.models.spec import Model
from piqa_cli.models.view_types import Cut, Views
from piqa_cli.read.text import error_words
from piqa_cli.records import Capture, Face, ModelSpec, Photo, PhotoFacts, Prediction
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.engine import Job
from piqa_cli.score.exchange import Parcel, pack
from piqa_cli.score.front import FaceSearch, Front
from piqa_cli.score.worker import keep_face, read_capture
from piqa_cli.settings import Damaged, DetectorRule
from piqa_cli.weights.store import Bundle

if TYPE_CHECKING:
    from piqa_cli.score.scorer import Scorer


_FACE_IMPORTS = ("piqa_cli.score.scorer", "piqa_cli.face.cascade", "facenet_pytorch")

Failure = tuple[Stage, str]
"""The stage at which a capture fails, and the reason."""


@dataclass(frozen=True, slots=True)
class SmallNetwork:
    """A network that every front process holds by itself.

    Attributes:
        bundle: its weights.
        model: builds it.
        precision: `fp32` or `bf16`.
    """

    bundle: Bundle
    model: Model
    precision: str

    def load(self) -> Scorer:
        """Verifies the weights and builds the network.

        Raises:
            MissingPartError: the weights are missing or damaged.
        """
        import torch

        from piqa_cli.score.scorer import Scorer
        from piqa_cli.weights.load import build_network

        network = build_network(self.bundle, self.model)
        return Scorer(network, device=torch.device("cpu"), precision=self.precision)


@dataclass(frozen=True, slots=True)
class FrontModel:
    """All that a front process must know of a model.

    Attributes:
        spec: facts about it.
        cut: cuts its views; None: the process of the networks does.
        network: scores them; None: the process of the networks does.
    """

    spec: ModelSpec
    cut: Cut | None = None
    network: SmallNetwork | None = None


@dataclass(frozen=True, slots=True)
class FrontPlan:
    """All that a front process must know beside the capture.

    Attributes:
        key: tells plans apart; a process keeps what it loaded for the last one.
        models: by name.
        working_side_px, damaged, detector_rule: as `ScoreSettings` has them.
        pictures: which pictures to make for the pages, and where; None: make none.
        exchange: folder in shared memory for what goes back; None: it goes through a pipe.
    """

    key: str
    models: Mapping[str, FrontModel]
    working_side_px: int | None
    damaged: Damaged
    detector_rule: DetectorRule
    pictures: PictureFolder | None = None
    exchange: Path | None = None


@dataclass(slots=True)
class ModelPart:
    """One model's part of a capture.

    Attributes:
        model: its name.
        seconds: by stage; those that several models share stand with the first of them.
        face: None: it failed before.
        views: inputs of the network; None: there is a prediction, or they are still to be cut.
        prediction: of a small model.
        failure: stage and reason; None: none.
    """

    model: str
    seconds: dict[str, float] = field(default_factory=dict)
    face: Face | None = None
    views: Parcel | None = None
    prediction: Prediction | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class FrontDone:
    """A capture as a front process gives it back.

    Attributes:
        facts: about the photograph.
        parts: one for each model, in the order of the job.
        pixels: working pixels, where views are still to be cut.
        picture_errors: reasons why the pages' pictures couldn't be written; that costs no score.
    """

    facts: PhotoFacts
    parts: tuple[ModelPart, ...]
    pixels: Parcel | None
    picture_errors: tuple[str, ...]


def imports_of(specs: Iterable[ModelSpec]) -> list[str]:
    """Modules that front processes of some models need and that take seconds to import."""
    needs_face = any(spec.needs_face for spec in specs)
    return [__name__, "torch", *(_FACE_IMPORTS if needs_face else ())]


def prepare_capture(plan: FrontPlan, job: Job) -> FrontDone:
    """Reads a capture, finds its face, cuts the views of every model and runs small networks.

    Raises:
        CaptureError: the file is no readable picture.
        PiqaError: nothing can be scored: weights are gone, say.
    """
    done = read_capture(job.capture.file, plan.working_side_px, plan.pictures, damaged=plan.damaged)
    seconds = {"read": done.read_s, "pictures": done.pictures_s}
    errors = [done.pictures_error]
    parts: list[ModelPart] = []
    face_kept = plan.pictures is None
    for model in job.models:
        part = _part(plan, model, job.capture, done.photo)
        part.seconds = {**seconds, **part.seconds}
        if part.failure is None:
            seconds = {}  # the seconds of the next model's run don't count them again
        if plan.pictures is not None and not face_kept and part.face and part.face.box:
            errors.append(keep_face(done.photo, part.face.box, plan.pictures))
            face_kept = True
        parts.append(part)
    waits = any(part.failure is None and not (part.views or part.prediction) for part in parts)
    return FrontDone(
        facts=done.photo.facts,
        parts=tuple(parts),
        pixels=pack({"pixels": done.photo.pixels}, plan.exchange) if waits else None,
        picture_errors=tuple(error for error in errors if error is not None),
    )


def _part(plan: FrontPlan, model: str, capture: Capture, photo: Photo) -> ModelPart:
    """Finds the face, unless another model did so, cuts a model's views, scores them if it can."""
    loaded = _loaded(plan)
    front, scorer, part = loaded.fronts[model], loaded.scorers.get(model), ModelPart(model)
    stage: Stage = "face"
    try:
        front.check_size(photo.facts)
        with _timed(part, "face"):
            face = front.find_face(photo, capture.face_source, capture.given_face)
        part.face, stage = face, "score"
        if scorer is None and plan.models[model].cut is None:
            return part
        with _timed(part, "views"):
            views = front.cut(photo, face, capture.given_landmarks)
            part.views = pack(views, plan.exchange) if scorer is None else None
        if scorer is not None:
            with _timed(part, "score"):
                (part.prediction,) = scorer.score([views])
    except CaptureError as error:
        part.failure = error.stage, error.reason
    except PiqaError:
        raise
    except Exception as error:
        part.failure = stage, unexpected(error)
    return part


@contextmanager
def _timed(part: ModelPart, stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    part.seconds[stage] = time.perf_counter() - start


def unexpected(error: Exception) -> str:
    """One line on what no one foresaw; it costs the one capture."""
    lines = str(error).strip().splitlines() or [error_words(error)]
    return f"{type(error).__name__}: {lines[0]}"


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Detector, networks and views of a plan, as this process holds them."""

    fronts: Mapping[str, Front]
    scorers: Mapping[str, Scorer]


_here: dict[str, _Loaded] = {}


def _loaded(plan: FrontPlan) -> _Loaded:
    """Loads all that a plan needs, at its first capture; that of another plan is dropped.

    Raises:
        MissingPartError: weights are missing or damaged.
    """
    if plan.key not in _here:
        _here.clear()
        _here[plan.key] = _load(plan)
    return _here[plan.key]


def _load(plan: FrontPlan) -> _Loaded:
    import torch

    torch.set_num_threads(1)
    scorers = {name: one.network.load() for name, one in plan.models.items() if one.network}
    search = FaceSearch(plan.detector_rule)
    fronts = {
        name: Front(
            scorers[name].views if name in scorers else one.cut or _nothing, one.spec, search
        )
        for name, one in plan.models.items()
    }
    return _Loaded(fronts, scorers)


def _nothing(*_: object) -> Views:
    """Views that the process of the networks cuts."""
    return {}
