"""The processes of one training, as torchrun starts them; one alone is a team, too."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
from torch import Tensor, nn
from torch import distributed as dist

from piqa_cli.errors import UsageError
from piqa_cli.score.compute import choose_device, forbid_tf32
from piqa_cli.settings import Compute

_PATIENCE = timedelta(hours=12)  # the first epoch waits for the slowest to prepare its pictures


@dataclass(frozen=True, slots=True)
class Team:
    """One process among equals.

    Attributes:
        rank: its number; 0 writes the files and prints.
        size: how many there are.
        device: its processor.
    """

    rank: int
    size: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """True in the process that writes files and prints."""
        return self.rank == 0

    def add(self, tensor: Tensor) -> Tensor:
        """The sum over all processes, in place and the same everywhere."""
        if self.size > 1:
            dist.all_reduce(tensor)
        return tensor

    def add_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Sums gradients; a process without a share in this step counts as zero."""
        if self.size == 1:
            return
        waiting = []
        for parameter in parameters:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
            waiting.append(dist.all_reduce(parameter.grad, async_op=True))
        for work in waiting:
            work.wait()

    def wait(self) -> None:
        """Until all are here."""
        if self.size > 1:
            dist.barrier()


@contextmanager
def assemble(compute: Compute) -> Iterator[Team]:
    """Joins the processes that torchrun started, by its environment variables.

    Raises:
        UsageError: more processes than GPUs.
    """
    forbid_tf32()
    size = int(os.environ.get("WORLD_SIZE", "1"))
    device = choose_device(compute)
    if size == 1:
        yield Team(0, 1, device)
        return
    if device.type == "cuda":
        place = int(os.environ.get("LOCAL_RANK", "0"))
        if place >= torch.cuda.device_count():
            raise UsageError(
                f"torchrun started more processes than there are GPUs "
                f"({torch.cuda.device_count()}): lower --nproc-per-node"
            )
        device = torch.device("cuda", place)
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=_PATIENCE)
    try:
        yield Team(dist.get_rank(), dist.get_world_size(), device)
    finally:
        dist.destroy_process_group()
