"""Division of a cluster between reading and scoring (no torch and no ray here)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from piqa_cli.errors import MissingPartError
from piqa_cli.settings import Compute, RaySettings

_LEAST_CHUNK = 4  # captures that one task reads: the search for faces overlaps with decoding
_WHOLE_CHUNK = 8  # captures that one task scores by itself; between tasks its process has no work
_GPU_CHUNK = 16  # a batch of the networks on a GPU


@dataclass(frozen=True, slots=True)
class Node:
    """Processors of one machine of the cluster."""

    cpus: float
    gpus: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Division of a cluster's processors.

    Attributes:
        compute: `cuda` or `cpu`, for the networks.
        actors: processes that hold the networks; 0: the tasks' front processes do, as all models
            are small and a CPU computes them.
        actor_gpus: GPUs that each of them takes.
        cpus: CPUs for a task that reads and an actor that scores beside it. Tasks take them all:
            an actor that has to move to another machine must never wait for tasks, nor they for it.
        readers: front processes of a task.
        tasks: how many of them can run at once.
    """

    compute: Compute
    actors: int
    actor_gpus: float
    cpus: float
    readers: int
    tasks: int

    @property
    def window(self) -> int:
        """Chunks of captures that are on their way at once: one waits for each that is worked on.

        No more are given out, so memory doesn't grow with the run. Scores are small: where no views
        are carried more may wait, so that one capture that takes long holds up no other task.
        """
        return 2 * (self.tasks + self.actors) if self.actors else 4 * self.tasks

    def chunk(self, jobs: int) -> int:
        """Captures of one chunk: few where there are few, so that all processes get some."""
        if self.compute == "cuda":
            most = _GPU_CHUNK
        else:
            most = max(_LEAST_CHUNK, 2 * self.readers) if self.actors else _WHOLE_CHUNK
        return max(1, min(most, -(-jobs // (2 * self.tasks))))


def plan(
    nodes: Sequence[Node],
    settings: RaySettings,
    *,
    compute: Compute,
    threads: int,
    small: bool = False,
) -> Plan:
    """Divides a cluster.

    Args:
        nodes: machines of the cluster.
        settings: what was asked for.
        compute: processor of the networks that was asked for.
        threads: of a network or a face search on a CPU; equal to those of the local engine, whose
            scores are then equal to the last digit.
        small: all models are; on CPUs every processor then has a task of its own that does all.

    Raises:
        MissingPartError: the cluster has no processor of the kind.
    """
    gpus = int(sum(node.gpus // settings.gpus for node in nodes)) if settings.gpus else 0
    if compute == "mps":
        raise MissingPartError(
            "--compute mps: Ray knows no such processor; use cpu, or no --engine"
        )
    if compute == "cuda" and not gpus:
        raise MissingPartError(
            f"--compute cuda: the Ray cluster has no node with {settings.gpus:g} free GPU"
        )
    smallest = min((node.cpus for node in nodes if node.cpus), default=0.0)
    if not smallest:
        raise MissingPartError("the Ray cluster has no CPU: start its nodes with --num-cpus")
    cpus = max(1.0, min(threads, smallest) // 1) if smallest >= 1 else smallest
    tasks = int(sum(node.cpus // cpus for node in nodes))
    on_gpus = gpus > 0 and compute != "cpu"
    actors = settings.actors or (gpus if on_gpus else tasks)
    if small and not on_gpus:
        actors = 0
    return Plan(
        compute="cuda" if on_gpus else "cpu",
        actors=min(actors, gpus) if on_gpus else actors,
        actor_gpus=settings.gpus if on_gpus else 0.0,
        cpus=cpus,
        readers=max(1, int(cpus)),
        tasks=tasks,
    )
