"""A network's forward pass: as it is, recorded as a CUDA graph, or compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import torch
from torch import Tensor

from piqa_cli.models.protocol import Output, QualityModel

Speedup = Literal["eager", "graph", "compile"]
Forward = Callable[[dict[str, Tensor]], Output]

_WARM_UPS = 3  # passes before a recording, in which libraries choose and load their kernels


def forward_of(
    model: QualityModel, device: torch.device, *, precision: str, speedup: Speedup
) -> Forward:
    """The forward pass without gradients, in the given precision.

    Args:
        model: in evaluation mode, on the device.
        device: of the model.
        precision: `fp32`, or `bf16`: products in bfloat16, save where the model keeps float32.
        speedup: `graph` replays what the first pass of a shape recorded, which saves the host's
            time; `compile` has torch fuse the steps, which takes minutes at the first pass.
    """

    def eager(views: dict[str, Tensor]) -> Output:
        with (
            torch.inference_mode(),
            torch.autocast(
                device.type,
                dtype=torch.bfloat16,
                enabled=precision == "bf16",
                cache_enabled=False,  # every weight is used once; a recording must not keep copies
            ),
        ):
            return model.forward(views)

    if speedup == "compile":
        return _compiled(model, device, precision)
    return Recorded(eager) if speedup == "graph" else eager


def _compiled(model: QualityModel, device: torch.device, precision: str) -> Forward:
    half = precision == "bf16"

    def parts(views: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=half, cache_enabled=False):
            output = model.forward(views)
        return output.scores, output.extras

    compiled: Any = torch.compile(parts, dynamic=False)

    def forward(views: dict[str, Tensor]) -> Output:
        with torch.no_grad():
            return Output(*compiled(views))

    return forward


class Recorded:
    """Records a forward pass as a CUDA graph for each shape, and replays it.

    Where it can't be recorded, or a replay gives other scores, passes stay as they were and
    `trouble` has the reason.
    """

    def __init__(self, forward: Forward) -> None:
        self.trouble: str | None = None
        self._forward = forward
        self._recordings: dict[tuple[tuple[int, ...], ...], _Recording] = {}

    def __call__(self, views: dict[str, Tensor]) -> Output:
        """Runs in the current stream; the output is valid until the next call."""
        if self.trouble is not None:
            return self._forward(views)
        shapes = tuple(tuple(view.shape) for view in views.values())
        if shapes not in self._recordings:
            return self._first(views, shapes)
        return self._recordings[shapes].replay(views)

    def _first(self, views: dict[str, Tensor], shapes: tuple[tuple[int, ...], ...]) -> Output:
        for _ in range(_WARM_UPS):
            plain = self._forward(views)
        self._recordings.clear()  # another shape comes after out of memory: the old one's is freed
        try:
            recording = _Recording(self._forward, views)
            scores = recording.replay(views).scores
        except torch.OutOfMemoryError:
            raise
        except RuntimeError as error:
            self.trouble = str(error).strip().partition("\n")[0]
            return plain
        if not torch.allclose(scores, plain.scores, rtol=0, atol=1e-5, equal_nan=True):
            self.trouble = "the recorded pass gives other scores"
            return plain
        self._recordings[shapes] = recording
        return plain


class _Recording:
    """One recorded pass, with its inputs and output, which stay where they are."""

    def __init__(self, forward: Forward, views: Mapping[str, Tensor]) -> None:
        self._inputs = {name: view.clone() for name, view in views.items()}
        stream = torch.cuda.current_stream(next(iter(views.values())).device)
        stream.synchronize()
        self._graph = torch.cuda.CUDAGraph()
        # Other threads of the caller may use the GPU meanwhile.
        with torch.cuda.graph(self._graph, stream=stream, capture_error_mode="thread_local"):
            self._output = forward(self._inputs)

    def replay(self, views: Mapping[str, Tensor]) -> Output:
        for name, view in views.items():
            self._inputs[name].copy_(view, non_blocking=True)
        self._graph.replay()
        return self._output
