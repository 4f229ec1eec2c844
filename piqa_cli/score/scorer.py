"""The scorer: a model on a processor. Views in, predictions out."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from piqa_cli.errors import MissingPartError
from piqa_cli.models.protocol import LandmarkModel, Output, PortableModel, QualityModel
from piqa_cli.models.view_types import Cut, FaceBox, Landmarks, Views
from piqa_cli.records import Prediction
from piqa_cli.score.batches import IN_FLIGHT, Batches, Running
from piqa_cli.score.compute import choose_device, forbid_tf32
from piqa_cli.score.forward import Recorded, Speedup, forward_of
from piqa_cli.score.streams import CudaStreams, Streams
from piqa_cli.settings import Compute
from piqa_cli.weights.load import load_network
from piqa_cli.weights.store import Bundle

GPU_BATCH = 16


@dataclass(frozen=True, slots=True)
class Submitted:
    """Photographs that were given to the processor; `Scorer.collect` waits for their scores.

    Attributes:
        parts: batches, each with the number of photographs in it that aren't padding.
    """

    parts: tuple[tuple[Running | Finished, int], ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """A batch that was computed while the host waited."""

    output: Output
    seconds: float

    def wait(self) -> tuple[Output, float]:
        """The output and the seconds that it took."""
        return self.output, self.seconds


class Scorer:
    """Scores photographs; a score never depends on what else is scored with it.

    On the CPU every photograph is its own batch, so its bytes are the same alone, first or
    last. On a GPU batches have one fixed size and short ones are padded.

    Attributes:
        device: the processor.
        precision: `fp32` or `bf16`.
        batch: photographs in one forward pass.
    """

    def __init__(
        self,
        model: QualityModel,
        *,
        device: torch.device,
        precision: str = "fp32",
        batch: int | None = None,
        speedup: Speedup = "eager",
        streams: Streams | None = None,
    ) -> None:
        """Moves the model to the device; `streams` are the GPU's own unless others are given."""
        self.device = device
        self.precision = precision
        self.batch = batch or (1 if device.type == "cpu" else GPU_BATCH)
        self._speedup: Speedup = speedup
        self._streams = streams
        self.load(model)

    @property
    def is_loaded(self) -> bool:
        """True while the weights are in memory."""
        return self._is_loaded

    def load(self, model: QualityModel) -> None:
        """Takes the network with its weights onto the processor."""
        if isinstance(model, torch.nn.Module):
            model.eval().to(self.device)
        self._model = model
        self._is_loaded = True
        self._forward = forward_of(
            model, self.device, precision=self.precision, speedup=self._speedup
        )
        streams = self._streams
        if streams is None and self.device.type == "cuda":
            streams = CudaStreams(self.device)
        self._batches = None if streams is None else Batches(self._forward, self.device, streams)

    def unload(self) -> None:
        """Frees the memory of the weights; views can still be cut."""
        if self._is_loaded and isinstance(self._model, torch.nn.Module):
            if self._batches is not None:
                self._batches.forget()  # waits for what still uses the weights
            self._model.to("meta")
            self._is_loaded = False
            if self.device.type == "cuda":
                torch.cuda.empty_cache()

    @property
    def in_flight(self) -> int:
        """Batches to submit before the first is collected, to keep the processor busy."""
        return 1 if self._batches is None else IN_FLIGHT

    @property
    def trouble(self) -> str | None:
        """Cause for which a recorded forward pass couldn't be used; None: there is none."""
        return self._forward.trouble if isinstance(self._forward, Recorded) else None

    def views(
        self, image: NDArray[np.uint8], face: FaceBox | None, landmarks: Landmarks | None = None
    ) -> Views:
        """The network's inputs of one photograph.

        Args:
            image: (H, W, 3) uint8 sRGB.
            face: box in its pixels.
            landmarks: in its pixels, for a model that needs them.
        """
        if landmarks is not None and isinstance(self._model, LandmarkModel):
            return self._model.views_with_landmarks(image, face, landmarks)
        return self._model.views(image, face)

    def portable_cut(self) -> Cut | None:
        """A function that cuts the views in processes without the network; None: there is none."""
        return self._model.cutter() if isinstance(self._model, PortableModel) else None

    def score(self, photos: Sequence[Views]) -> list[Prediction]:
        """Scores photographs by their views, in batches of `self.batch`.

        A GPU that runs out of memory gets half the batch from then on.

        Raises:
            MissingPartError: the processor can't hold even one photograph.
        """
        predictions: list[Prediction] = []
        submitted: deque[Submitted] = deque()
        start = 0
        while start < len(photos):
            size = self.batch
            submitted.append(self.submit(photos[start : start + size]))
            start += size
            if len(submitted) == self.in_flight:
                predictions += self.collect(submitted.popleft())[0]
        for rest in submitted:
            predictions += self.collect(rest)[0]
        return predictions

    def submit(self, photos: Sequence[Views]) -> Submitted:
        """Starts to score photographs; a GPU works on while the caller prepares more.

        A GPU that runs out of memory gets half the batch from then on.

        Raises:
            MissingPartError: the processor can't hold even one photograph.
        """
        parts: list[tuple[Running | Finished, int]] = []
        start = 0
        while start < len(photos):
            batch = photos[start : start + self.batch]
            try:
                parts.append((self._start(batch), len(batch)))
                start += len(batch)
            except torch.OutOfMemoryError:
                self._halve_batch()
        return Submitted(tuple(parts))

    def collect(self, submitted: Submitted) -> tuple[list[Prediction], float]:
        """Waits for submitted photographs; predictions, and seconds of the processor for them."""
        predictions: list[Prediction] = []
        total = 0.0
        for part, count in submitted.parts:
            output, seconds = part.wait()
            total += seconds
            predictions += [self._prediction(output, index) for index in range(count)]
        return predictions, total

    def _halve_batch(self) -> None:
        if self.batch == 1:
            raise MissingPartError(
                f"{self.device} has too little free memory for one photograph: "
                "free some, or use --compute cpu"
            ) from None
        self.batch //= 2
        if self._batches is not None:
            self._batches.forget()
        torch.cuda.empty_cache()

    def _start(self, photos: Sequence[Views]) -> Running | Finished:
        if self._batches is not None:
            return self._batches.start(photos, self.batch)
        start = time.perf_counter()
        padded = [*photos, *([photos[-1]] * (self.batch - len(photos)))]
        views = {name: self._stack([photo[name] for photo in padded]) for name in padded[0]}
        return Finished(self._forward(views), time.perf_counter() - start)

    def _stack(self, arrays: Sequence[NDArray[np.generic]]) -> Tensor:
        return torch.from_numpy(np.stack(arrays)).to(self.device)

    def _prediction(self, output: Output, index: int) -> Prediction:
        """The score is the plain mean of the views' scores, in double precision."""
        view_scores = tuple(output.scores[index].cpu().double().tolist())
        return Prediction(
            score=sum(view_scores) / len(view_scores),
            view_scores=view_scores,
            explanation=self._model.explain(output, index),
        )


def load_scorer(bundle: Bundle, *, compute: Compute = "auto", precision: str = "fp32") -> Scorer:
    """Builds the model of a weights bundle on the processor that was asked for.

    Raises:
        MissingPartError: weights or processor are missing or damaged.
    """
    forbid_tf32()
    device = choose_device(compute)
    return Scorer(
        load_network(bundle), device=device, precision=precision, speedup=usual_speedup(device)
    )


def usual_speedup(device: torch.device) -> Speedup:
    """The way in which networks run unless another one is asked for."""
    return "graph" if device.type == "cuda" else "eager"
