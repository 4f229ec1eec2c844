"""Whole runs over a folder of photographs: with the networks, and with none."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from piqa_cli.benchmark.work import Spent
from piqa_cli.errors import PiqaError
from piqa_cli.models.protocol import Output, QualityModel
from piqa_cli.models.view_types import FaceBox, Views
from piqa_cli.records import Capture, Scored
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.engine import Engine, EngineTask, StartEngine, start_local
from piqa_cli.score.local import LocalEngine
from piqa_cli.score.networks import Networks
from piqa_cli.score.run import score_captures
from piqa_cli.score.scorer import Scorer
from piqa_cli.settings import ScoreSettings

_STEADY_FROM = 0.25  # share of the photographs after which a run counts as steady


@dataclass(frozen=True, slots=True)
class WholeRun:
    """One run.

    Attributes:
        photos: number of photographs.
        workers: decode processes.
        spent: of this process and of its decode processes, their start included.
        first_s: seconds until the first score.
        photos_s: photographs a second once the run is steady; None: too few to tell.
    """

    photos: int
    workers: int
    spent: Spent
    first_s: float
    photos_s: float | None


def measure_run(
    files: Sequence[Path],
    settings: ScoreSettings,
    *,
    pictures: Path | None,
    start: StartEngine = start_local,
) -> WholeRun:
    """Scores all photographs as `piqa-cli score` does, without its cache.

    Args:
        files: no two equal.
        settings: how; the cache must be off.
        pictures: folder for the pages' pictures; None: none are made.
        start: of the engine.

    Raises:
        PiqaError: a photograph couldn't be scored, with its reason.
    """
    stamps = _Stamps()
    captures = [Capture(file.name, file, "", "device") for file in files]
    folder = None if pictures is None else PictureFolder(pictures)
    cpu, begun = _cpu_s(), time.perf_counter()
    found = score_captures(captures, settings, pictures=folder, progress=stamps, start=start)
    spent = Spent(_cpu_s() - cpu, time.perf_counter() - begun)
    for result in found.results:
        if not isinstance(result, Scored):
            raise PiqaError(f"{result.capture.file}: {result.reason}")
    times = stamps.scored
    steady = int(len(times) * _STEADY_FROM)
    rate = (len(times) - 1 - steady) / max(1e-9, times[-1] - times[steady])
    return WholeRun(
        len(files), settings.workers, spent, times[0] - begun, rate if len(times) > 4 else None
    )


@dataclass(slots=True)
class _Stamps:
    """Notes when each score comes; takes the place of a progress bar."""

    scored: list[float] = field(default_factory=list)

    def __call__(self, items: Iterator[Any], total: int, step: str) -> Iterator[Any]:
        for item in items:
            if step == "score":
                self.scored.append(time.perf_counter())
            yield item


def without_networks(model: QualityModel, device: torch.device, batch: int) -> StartEngine:
    """An engine that does all but compute: views are cut and copied, every score is 0."""

    def start(task: EngineTask) -> Engine:
        scorer = Scorer(Idle(model.views), device=device, batch=batch)
        networks = Networks.of_one(task.models[0].spec, scorer)
        return LocalEngine(networks, task.settings, readers=task.readers, pictures=task.pictures)

    return start


class Idle(torch.nn.Module):
    """A model with the views of another one and no network."""

    def __init__(self, cut: Callable[[NDArray[np.uint8], FaceBox | None], Views]) -> None:
        super().__init__()
        self._cut = cut

    def views(self, image: NDArray[np.uint8], face: FaceBox | None) -> Views:
        """Those of the other model."""
        return self._cut(image, face)

    def forward(self, views: dict[str, Tensor]) -> Output:
        """One score of 0 for each photograph."""
        first = next(iter(views.values()))
        return Output(torch.zeros((len(first), 1), device=first.device))

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """Nothing."""
        return {}


def _cpu_s() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    own, theirs = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + theirs.ru_utime + theirs.ru_stime
