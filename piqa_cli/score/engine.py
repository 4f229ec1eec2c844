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
class Outcome:
    """Result of one capture, and the seconds it took."""

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

    def score(self, captures: Sequence[Capture]) -> Iterator[Outcome]:
        """Yields one outcome a capture, each exactly once, in the order given.

        Raises:
            PiqaError: nothing more can be scored.
        """


@dataclass(frozen=True, slots=True)
class EngineTask:
    """All that an engine must know beside the captures.

    Attributes:
        spec, bundle: the model and its weights.
        settings: how to score.
        readers: decode processes of this machine.
        pictures: which pictures to make for the pages, and where; None: make none.
    """

    spec: ModelSpec
    bundle: Bundle
    settings: ScoreSettings
    readers: Readers
    pictures: PictureFolder | None = None


StartEngine = Callable[[EngineTask], Engine]
"""Starts an engine; called only where something is left to score."""


def start_local(task: EngineTask) -> Engine:
    """The engine of this machine; torch is imported here.

    Raises:
        MissingPartError: weights or processor are missing.
    """
    from piqa_cli.score.local import LocalEngine
    from piqa_cli.score.scorer import load_scorer

    settings = task.settings
    scorer = load_scorer(
        task.bundle, compute=settings.compute, precision=settings.effective_precision
    )
    return LocalEngine(scorer, task.spec, settings, readers=task.readers, pictures=task.pictures)
