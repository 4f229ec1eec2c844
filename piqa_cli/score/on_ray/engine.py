"""Gives out the captures of a run to a Ray cluster and takes the outcomes, in order.

Ray's tasks and actors, not Ray Data: see docs/scale.md. Ray itself starts a lost task again and
replaces a dead actor; what fails again and again is cut down to the capture that is to blame.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import ray
from ray.exceptions import RayActorError, RayError, RayTaskError

from piqa_cli import __version__
from piqa_cli.errors import MissingPartError, PiqaError, Stage
from piqa_cli.models.catalogue import model_of
from piqa_cli.processors import available_processors
from piqa_cli.records import Failed
from piqa_cli.remote import RemotePath, storage_settings
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.compute import describe
from piqa_cli.score.engine import EngineTask, Job, Outcome
from piqa_cli.score.on_ray.plan import Node, Plan, plan
from piqa_cli.score.on_ray.work import NetworkActor, Setup, prepare, score
from piqa_cli.settings import RaySettings

_TRIES_AGAIN = 1  # of a chunk whose process or machine was lost, before it is cut
_TRIES_ALONE = 3  # of a capture by itself, before it is to blame
_FOR_EVER = -1


@dataclass(slots=True)
class _Chunk:
    """Captures on their way: a task reads them, then an actor scores them, or the task itself.

    Attributes:
        jobs: the captures.
        prepared, warnings: references to what the task gives.
        outcomes: reference to the scores.
        actor: number of the actor; None: the task scores.
    """

    jobs: Sequence[Job]
    prepared: Any
    warnings: Any
    outcomes: Any
    actor: int | None


class RayEngine:
    """Scores captures on a Ray cluster."""

    def __init__(self, task: EngineTask, settings: RaySettings) -> None:
        """Connects to the cluster, and loads the networks that actors hold.

        Raises:
            MissingPartError: no cluster answers, or weights or processor are missing.
        """
        alone = _connect(settings)
        small = all(model_of(model.name).small for model in task.models)
        threads = 1 if small else _threads()
        self._plan = plan(
            _nodes(), settings, compute=task.settings.compute, threads=threads, small=small
        )
        self._setup = _setup(task, self._plan, threads, send_weights=not alone)
        work = prepare if self._plan.actors else score
        self._task = ray.remote(num_cpus=self._plan.cpus, num_returns=2)(work)
        actor = ray.remote(
            num_cpus=0,
            num_gpus=self._plan.actor_gpus,
            max_restarts=_FOR_EVER,
            scheduling_strategy="SPREAD",
        )(NetworkActor)
        self._actors = [actor.remote() for _ in range(self._plan.actors)]
        self._busy = [0] * len(self._actors)
        self._warnings: dict[str, None] = {}
        facts = [_got(actor.hardware.remote(self._setup)) for actor in self._actors[:1]]
        self._hardware = (facts[0] if facts else describe(None)) | {
            "engine": "ray",
            "nodes": len(_nodes()),
            "actors": self._plan.actors,
            "reading_tasks": self._plan.tasks,
        }

    @property
    def hardware(self) -> Mapping[str, Any]:
        """Facts about the processor and the cluster, for run.json."""
        return self._hardware

    @property
    def warnings(self) -> tuple[str, ...]:
        """Faults beside the scores, each once."""
        return tuple(self._warnings)

    def score(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        """Yields one outcome for each model of each job, those of one model in the jobs' order."""
        captures = {job.capture.path: job.capture for job in jobs}
        if any(isinstance(job.capture.file, RemotePath) for job in jobs):
            self._setup = replace(self._setup, storage=storage_settings())
        chunks = _chunks(jobs, self._plan.chunk(len(jobs)))
        waiting: deque[_Chunk] = deque()
        try:
            while True:
                for chunk in islice(chunks, self._plan.window - len(waiting)):
                    waiting.append(self._give_out(chunk))
                if not waiting:
                    return
                for outcome in self._taken(waiting.popleft()):
                    capture = captures[outcome.result.capture.path]
                    yield replace(outcome, result=replace(outcome.result, capture=capture))
        finally:
            for left in waiting:
                with suppress(RayError):
                    ray.cancel(left.prepared)

    def _give_out(self, jobs: Sequence[Job], *, tries_again: int = _TRIES_AGAIN) -> _Chunk:
        """Sends a chunk on its way, to the actor with the fewest chunks before it."""
        task = self._task.options(max_retries=tries_again)
        prepared, warnings = task.remote(self._setup, jobs)
        if not self._actors:
            return _Chunk(jobs, prepared, warnings, prepared, None)
        actor = self._busy.index(min(self._busy))
        self._busy[actor] += 1
        finish = self._actors[actor].finish.options(max_task_retries=tries_again)
        outcomes = finish.remote(self._setup, prepared)
        return _Chunk(jobs, prepared, warnings, outcomes, actor)

    def _taken(self, chunk: _Chunk) -> list[Outcome]:
        """The outcomes of a chunk; where its processes die again and again, capture by capture.

        Raises:
            PiqaError: nothing more can be scored.
        """
        try:
            return self._outcomes(chunk)
        except RayError:
            return [outcome for job in chunk.jobs for outcome in self._alone(job)]

    def _outcomes(self, chunk: _Chunk) -> list[Outcome]:
        """The outcomes of a chunk.

        Raises:
            PiqaError: nothing more can be scored.
            RayError: its processes or machines were lost.
        """
        try:
            outcomes: list[Outcome] = _got(chunk.outcomes)
            for warning in _got(chunk.warnings):
                self._warnings[warning] = None
            return outcomes
        finally:
            if chunk.actor is not None:
                self._busy[chunk.actor] -= 1

    def _alone(self, job: Job) -> list[Outcome]:
        """The outcomes of one capture, while nothing else can end the processes that it has."""
        for _ in range(_TRIES_ALONE):
            # An actor answers once it lives again and all that was given to it before is done.
            calls = [a.hardware.options(max_task_retries=_FOR_EVER) for a in self._actors]
            _got([call.remote(self._setup) for call in calls])
            try:
                return self._outcomes(self._give_out([job], tries_again=0))
            except RayError as error:
                last = error
        return _lost(job, last)


def _chunks(jobs: Sequence[Job], size: int) -> Iterator[list[Job]]:
    """Jobs in chunks; paths hold on machines with another working directory."""
    for start in range(0, len(jobs), size):
        yield [
            replace(job, capture=replace(job.capture, file=job.capture.file.absolute()))
            for job in jobs[start : start + size]
        ]


def _lost(job: Job, error: RayError) -> list[Outcome]:
    """Outcomes of a capture that ends every process that works on it."""
    died: tuple[Stage, str] = (
        ("score", "the scoring process died")
        if isinstance(error, RayActorError)
        else ("read", "the reading process died")
    )
    return [Outcome(model, Failed(job.capture, *died)) for model in job.models]


def _got(reference: Any) -> Any:
    """The result of a task.

    Raises:
        PiqaError: the task raised it.
        RayError: the task's process or machine was lost.
    """
    try:
        return ray.get(reference)
    except RayTaskError as error:
        if isinstance(error.cause, PiqaError):
            raise error.cause from None
        raise


def _threads() -> int:
    """Threads of a network on this machine."""
    import torch

    return torch.get_num_threads()


def _setup(task: EngineTask, division: Plan, threads: int, *, send_weights: bool) -> Setup:
    """All that the processes of the cluster must know; other machines get the weights, once."""
    pictures = task.pictures
    if pictures is not None:
        pictures = PictureFolder(pictures.path.absolute(), full=pictures.full)
    bundles = tuple(
        replace(model.bundle, path=model.bundle.path.absolute()) for model in task.models
    )
    return Setup(
        key=secrets.token_hex(8),
        version=__version__,
        bundles=bundles,
        weights={
            bundle.model: ray.put(bundle.path.read_bytes()) for bundle in bundles if send_weights
        },
        settings=task.settings,
        pictures=pictures,
        compute=division.compute,
        threads=threads,
        readers=division.readers,
    )


def _nodes() -> list[Node]:
    """The machines of the cluster."""
    return [
        Node(node["Resources"].get("CPU", 0.0), node["Resources"].get("GPU", 0.0))
        for node in ray.nodes()
        if node["Alive"]
    ]


def _connect(settings: RaySettings) -> bool:
    """Joins a cluster, or starts Ray on this machine; a connection that stands is used.

    Returns:
        True if Ray was started here: no other machine will ever join.

    Raises:
        MissingPartError: no cluster answers.
    """
    if ray.is_initialized():
        return False
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is reported to anyone
    os.environ.setdefault("RAY_IGNORE_UNHANDLED_ERRORS", "1")  # the engine handles them
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    if not settings.address:  # Ray's 15 would leave this run what other programs don't want
        os.environ.setdefault("RAY_worker_niceness", "0")
    here = {"num_cpus": available_processors(), "include_dashboard": False}
    before = signal.getsignal(signal.SIGTERM)
    try:
        ray.init(
            address=settings.address or "local",
            log_to_driver=False,
            logging_level=logging.ERROR,
            **({} if settings.address else here),
        )
    except (ConnectionError, RuntimeError, ValueError) as error:
        where = f"--ray-address {settings.address}" if settings.address else "Ray"
        words = str(error).strip().splitlines() or ["no answer"]
        raise MissingPartError(f"{where} can't be used: {words[0]}") from error
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, before)  # Ray takes it: piqa-cli ends by its own
    _keep_off_stdout()
    return not settings.address


def _keep_off_stdout() -> None:
    """Drops the notes on lost processes that Ray prints on stdout, which is for results alone."""
    from ray._private import worker

    worker.print_to_stdstream = lambda *_args, **_named: None
