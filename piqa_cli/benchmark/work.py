"""Operations of a network and of the processor: how much there is to do, and the rate."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch.utils.flop_counter import FlopCounterMode

from piqa_cli.models.protocol import QualityModel
from piqa_cli.models.view_types import Views

FRONT_THREADS = 1
"""Threads of torch in a front process, and so in all that is measured in their place."""


@contextmanager
def torch_threads(count: int | None) -> Iterator[None]:
    """Gives torch so many threads within a block; None: as many as it has."""
    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@dataclass(frozen=True, slots=True)
class Spent:
    """Time of a piece of work.

    Attributes:
        cpu_s: CPU seconds of all threads of this process.
        wall_s: seconds that passed.
    """

    cpu_s: float
    wall_s: float

    def __truediv__(self, count: float) -> Spent:
        """The time of one of `count` pieces."""
        return Spent(self.cpu_s / count, self.wall_s / count)

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.cpu_s + other.cpu_s, self.wall_s + other.wall_s)


class Clock:
    """Measures from its start on, once the processor has done what it was given."""

    def __init__(self, device: torch.device | None = None) -> None:
        self._device = device
        self._wait()
        self._cpu, self._wall = time.process_time(), time.perf_counter()

    def read(self) -> Spent:
        """Time since the start."""
        self._wait()
        return Spent(time.process_time() - self._cpu, time.perf_counter() - self._wall)

    def _wait(self) -> None:
        if self._device is not None and self._device.type == "cuda":
            torch.cuda.synchronize(self._device)


def flop_of(model: QualityModel, views: Views) -> float:
    """Floating-point operations of one photograph (a multiply-accumulate is two).

    Counted on a copy without values; additions, norms and the like aren't in it.
    """
    assert isinstance(model, torch.nn.Module)
    bare = _without_values(model)
    shapes = {
        name: torch.empty((1, *view.shape), dtype=torch.from_numpy(view).dtype, device="meta")
        for name, view in views.items()
    }
    with FlopCounterMode(display=False) as counter:
        bare.forward(shapes)
    return float(counter.get_total_flops())


def _without_values(model: torch.nn.Module) -> torch.nn.Module:
    """A copy of a network on the `meta` device."""
    memo: dict[int, torch.Tensor] = {}
    for tensor in (*model.parameters(), *model.buffers()):
        bare = torch.empty_like(tensor, device="meta")
        if isinstance(tensor, torch.nn.Parameter):
            bare = torch.nn.Parameter(bare)
        memo[id(tensor)] = bare
    return copy.deepcopy(model, memo)


class Matmul:
    """Products of square matrices, to see how fast the processor multiplies at best."""

    def __init__(self, device: torch.device, dtype: torch.dtype = torch.float32) -> None:
        self._device = device
        self._side = 8192 if device.type == "cuda" else 2048
        generator = torch.Generator().manual_seed(1)
        left, right = (
            torch.randn(self._side, self._side, generator=generator).to(device, dtype)
            for _ in range(2)
        )
        self._pair = left, right
        self.flop = 0.0
        self.spent = Spent(0.0, 0.0)
        torch.mm(left, right)

    def run(self, times: int) -> None:
        """Multiplies and adds to `flop` and `spent`."""
        clock = Clock(self._device)
        for _ in range(times):
            torch.mm(*self._pair)
        self.spent += clock.read()
        self.flop += times * 2.0 * self._side**3
