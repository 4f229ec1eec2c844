"""The seam between a run and what computes its scores (no torch here)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from piqa_cli.records import Capture, Failed, ModelSpec, Scored, Timing
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.readers import Readers
from piqa_cli.settings import ScoreSettings
from piqa_cli.weights.store import Bundle


@dataclass(frozen=True, slots=True)
class WeightedModel:
    """A model that scores, with the file of its weights."""

    spec: ModelSpec
    bundle: Bundle

    @property
    def name(self) -> str:
        """Name in the catalogue."""
        return self.spec.name


@dataclass(frozen=True, slots=True)
class Job:
    """A capture, and the models that score it: it is read once for all of them.

    Attributes:
        capture: what to score.
        models: their names, one or more, in the order of the task.
    """

    capture: Capture
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one capture by one model, and the seconds it took.

    Attributes:
        model: name of the model.
        result: a score, or why there is none.
        timings: seconds by stage; those that several models share stand with the first of them.
    """

    model: str
    result: Scored | Failed
    timings: tuple[Timing, ...] = ()


class Engine(Protocol):
    """Scores captures: on this machine, or on many."""

    @property
    def hardware(self) -> Mapping[str, Any]:
        """Facts about the processor for run.json; `compute` (`cpu`, `cuda`, `mps`) is one."""

    @property
    def warnings(self) -> Sequence[str]:
        """Faults beside the scores, one line each; complete once all outcomes have come."""

    def score(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        """Yields one outcome for each model of each job, each exactly once.

        Those of one model come in the order of the jobs.

        Raises:
            PiqaError: nothing more can be scored.
        """


@dataclass(frozen=True, slots=True)
class EngineTask:
    """All that an engine must know beside the captures.

    Attributes:
        models: those that score, one or more.
        settings: how to score; its model and weights are those of `models`.
        readers: front processes of this machine.
        pictures: which pictures to make for the pages, and where; None: make none.
    """

    models: tuple[WeightedModel, ...]
    settings: ScoreSettings
    readers: Readers
    pictures: PictureFolder | None = None


StartEngine = Callable[[EngineTask], Engine]
"""Starts an engine; called only where something is left to score."""


def start_local(task: EngineTask) -> Engine:
    """The engine of this machine; torch is imported here, or by its processes alone.

    Raises:
        MissingPartError: weights or processor are missing.
    """
    from piqa_cli.score.front_process import imports_of

    # First: what the front processes need is imported beside what this one needs.
    task.readers.share(imports_of(model.spec for model in task.models))

    from piqa_cli.score.local import LocalEngine
    from piqa_cli.score.networks import load_networks

    settings = task.settings
    networks = load_networks(
        task.models,
        compute=settings.compute,
        precision=settings.effective_precision,
        workers=settings.workers,
    )
    return LocalEngine(networks, settings, readers=task.readers, pictures=task.pictures)
