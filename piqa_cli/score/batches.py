"""Batches on their way through a processor that works while the host goes on.

While one batch is computed, the host packs the next and copies it: two sets of buffers take turns.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from piqa_cli.models.protocol import Output
from piqa_cli.models.view_types import Views
from piqa_cli.score.forward import Forward
from piqa_cli.score.streams import Event, Streams

IN_FLIGHT = 2
"""Batches between start and result: one is computed, the next waits with its copies done."""


@dataclass(slots=True)
class _Buffers:
    """Inputs of one batch on host and processor; `free` comes when both may be filled again."""

    host: dict[str, Tensor]
    device: dict[str, Tensor]
    free: Event | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A batch on its way.

    Attributes:
        output: on the host, complete after `done`.
        begun, done: events around its computation.
    """

    output: Output
    begun: Event
    done: Event

    def wait(self) -> tuple[Output, float]:
        """The output and the seconds that the processor computed it."""
        self.done.synchronize()
        return self.output, self.begun.elapsed_time(self.done) / 1000


class Batches:
    """Starts batches on a processor and doesn't wait for them."""

    def __init__(self, forward: Forward, device: torch.device, streams: Streams) -> None:
        self._forward = forward
        self._device = device
        self._streams = streams
        self._buffers: deque[_Buffers] = deque()  # the one whose turn it is first
        self._size = 0

    def start(self, photos: Sequence[Views], size: int) -> Running:
        """Packs, copies and computes a batch; short ones are padded with their last photograph.

        Raises:
            torch.OutOfMemoryError: the batch is too large for the processor.
        """
        buffers = self._next_buffers(photos[-1], size)
        padded = [*photos, *([photos[-1]] * (size - len(photos)))]
        for name, host in buffers.host.items():
            rows = host.numpy()
            for row, photo in enumerate(padded):
                rows[row] = photo[name]
        streams = self._streams
        begun, done, copied = streams.event(), streams.event(), streams.event()
        with streams.on(streams.copies):
            for name, host in buffers.host.items():
                buffers.device[name].copy_(host, non_blocking=True)
            copied.record(streams.copies)
        with streams.on(streams.compute):
            streams.compute.wait_event(copied)
            begun.record(streams.compute)
            output = self._to_host(self._forward(buffers.device))
            done.record(streams.compute)
        buffers.free = done
        return Running(output, begun, done)

    def forget(self) -> None:
        """Frees all buffers, once what uses them is done."""
        for buffers in self._buffers:
            if buffers.free is not None:
                buffers.free.synchronize()
        self._buffers.clear()

    def _next_buffers(self, like: Views, size: int) -> _Buffers:
        """The set whose turn it is, as soon as it is free."""
        if size != self._size:
            self.forget()
            self._size = size
        if len(self._buffers) < IN_FLIGHT:
            buffers = self._new_buffers(like, size)
        else:
            buffers = self._buffers.popleft()
        if buffers.free is not None:
            buffers.free.synchronize()
        self._buffers.append(buffers)
        return buffers

    def _new_buffers(self, like: Views, size: int) -> _Buffers:
        host = {
            name: self._streams.page_locked((size, *view.shape), torch.from_numpy(view).dtype)
            for name, view in like.items()
        }
        # In the stream that writes them: memory of another stream may still be read there, by
        # work whose tensors are gone on the host but not yet on the processor.
        with self._streams.on(self._streams.copies):
            device = {
                name: torch.empty_like(part, device=self._device) for name, part in host.items()
            }
        return _Buffers(host, device)

    def _to_host(self, output: Output) -> Output:
        return Output(
            self._copy(output.scores),
            {name: self._copy(extra) for name, extra in output.extras.items()},
        )

    def _copy(self, tensor: Tensor) -> Tensor:
        host = self._streams.page_locked(tuple(tensor.shape), tensor.dtype)
        return host.copy_(tensor, non_blocking=True)
