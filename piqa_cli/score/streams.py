"""Streams, events and page-locked memory of a processor that works while the host goes on."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

import torch
from torch import Tensor


class Event(Protocol):
    """A place in a stream's work, as `torch.cuda.Event` has it."""

    def record(self, stream: Any) -> None:
        """Marks the end of what the stream was given so far."""

    def synchronize(self) -> None:
        """Waits on the host until the stream has come here."""

    def elapsed_time(self, end: Any) -> float:
        """Milliseconds of the processor from here to another event."""


class Streams(Protocol):
    """Two streams of one processor, and the host's memory that it copies from by itself."""

    copies: Any
    compute: Any

    def on(self, stream: Any) -> AbstractContextManager[Any]:
        """Sends the work of a block to a stream."""

    def event(self) -> Event:
        """Makes an event that measures time."""

    def page_locked(self, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
        """Makes a tensor on the host that can be copied while the host goes on."""


class CudaStreams:
    """Streams of one NVIDIA GPU; see `Streams`."""

    def __init__(self, device: torch.device) -> None:
        self.copies: Any = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        self.compute: Any = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        weights_are_there = torch.cuda.current_stream(device)
        self.copies.wait_stream(weights_are_there)
        self.compute.wait_stream(weights_are_there)

    def on(self, stream: Any) -> AbstractContextManager[Any]:
        """See `Streams`."""
        return torch.cuda.stream(stream)

    def event(self) -> Event:
        """See `Streams`."""
        return torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]

    def page_locked(self, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
        """See `Streams`."""
        return torch.empty(shape, dtype=dtype, pin_memory=True)
