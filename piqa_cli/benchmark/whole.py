"""Whole runs over a folder of photographs: with the networks, and with none."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from piqa_cli.benchmark.work import Spent
from piqa_cli.errors import PiqaError
from piqa_cli.models.protocol import Output, PortableModel, QualityModel
from piqa_cli.records import Capture, Scored
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.engine import Engine, EngineTask, StartEngine, start_local
from piqa_cli.score.local import LocalEngine
from piqa_cli.score.networks import Networks
from piqa_cli.score.run import score_captures
from piqa_cli.score.scorer import Scorer
from piqa_cli.settings import ScoreSettings

_LEAST_PHOTOS = 5  # fewer don't tell a rate
_STEADY_FROM = 0.25  # share of the photographs after which a run counts as steady


@dataclass(frozen=True, slots=True)
class WholeRun:
    """One run.

    Attributes:
        photos: number of photographs.
        workers: front processes.
        spent: of this process and of its front processes, their start included.
        first_s: seconds until the first score.
        photos_s: photographs a second once the run is steady; None: too few to tell.
        own_cpu_s: CPU seconds of this process for each photograph once the run is steady; None:
            likewise.
    """

    photos: int
    workers: int
    spent: Spent
    first_s: float
    photos_s: float | None
    own_cpu_s: float | None = None


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
    run = WholeRun(len(files), settings.workers, spent, stamps.scored[0].wall_s - begun, None)
    if len(stamps.scored) < _LEAST_PHOTOS:
        return run
    steady = stamps.scored[int(len(files) * _STEADY_FROM) :]
    first, last, count = steady[0], steady[-1], len(steady) - 1
    return replace(
        run,
        photos_s=count / max(1e-9, last.wall_s - first.wall_s),
        own_cpu_s=(last.cpu_s - first.cpu_s) / count,
    )


@dataclass(slots=True)
class _Stamps:
    """Notes the clocks of this process at each score; takes the place of a progress bar."""

    scored: list[Spent] = field(default_factory=list)

    def __call__(self, items: Iterator[Any], total: int, step: str) -> Iterator[Any]:
        for item in items:
            if step == "score":
                self.scored.append(Spent(time.process_time(), time.perf_counter()))
            yield item


def without_networks(model: QualityModel, device: torch.device, batch: int) -> StartEngine:
    """An engine that does all but compute: views are cut and copied, every score is 0."""

    def start(task: EngineTask) -> Engine:
        scorer = Scorer(Idle(model), device=device, batch=batch)
        networks = Networks.of_one(task.models[0].spec, scorer)
        return LocalEngine(networks, task.settings, readers=task.readers, pictures=task.pictures)

    return start


class Idle(torch.nn.Module):
    """A model with the views of another one and no network."""

    def __init__(self, other: QualityModel) -> None:
        super().__init__()
        self.views = other.views
        if isinstance(other, PortableModel):
            self.cutter = other.cutter

    def forward(self, views: dict[str, Tensor]) -> Output:
        """One score of 0 for each photograph."""
        first = next(iter(views.values()))
        return Output(torch.zeros((len(first), 1), device=first.device))

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """Nothing."""
        return {}


def _cpu_s() -> float:
    """CPU seconds of this process, of those that it has waited for, and of the fork server's."""
    own, theirs = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + theirs.ru_utime + theirs.ru_stime + _of_living_children()


def _of_living_children() -> float:
    """CPU seconds of children that live, and of those that these have waited for.

    The server that front processes are forked from outlives a run; 0 where there is no /proc.
    """
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            fields = file.read_text(errors="replace").rpartition(")")[2].split()
            if int(fields[1]) == os.getpid():
                ticks += sum(map(int, fields[11:15]))  # utime, stime, cutime, cstime
    return ticks / os.sysconf("SC_CLK_TCK")
