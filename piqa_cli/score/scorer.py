"""The scorer: a model on a processor. Views in, predictions out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from piqa_cli.errors import MissingPartError
from piqa_cli.models.protocol import LandmarkModel, Output, QualityModel
from piqa_cli.models.view_types import FaceBox, Landmarks, Views
from piqa_cli.records import Prediction
from piqa_cli.score.compute import choose_device, forbid_tf32
from piqa_cli.settings import Compute
from piqa_cli.weights.load import load_network
from piqa_cli.weights.store import Bundle

GPU_BATCH = 16


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
    ) -> None:
        self.device = device
        self.precision = precision
        self.batch = batch or (1 if device.type == "cpu" else GPU_BATCH)
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

    def unload(self) -> None:
        """Frees the memory of the weights; views can still be cut."""
        if self._is_loaded and isinstance(self._model, torch.nn.Module):
            self._model.to("meta")
            self._is_loaded = False
            if self.device.type == "cuda":
                torch.cuda.empty_cache()

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

    def score(self, photos: Sequence[Views]) -> list[Prediction]:
        """Scores photographs by their views, in batches of `self.batch`.

        A GPU that runs out of memory gets half the batch from then on.

        Raises:
            MissingPartError: the processor can't hold even one photograph.
        """
        predictions: list[Prediction] = []
        while len(predictions) < len(photos):
            start = len(predictions)
            try:
                predictions += self._score_batch(photos[start : start + self.batch])
            except torch.OutOfMemoryError:
                self._halve_batch()
        return predictions

    def _halve_batch(self) -> None:
        if self.batch == 1:
            raise MissingPartError(
                f"{self.device} has too little free memory for one photograph: "
                "free some, or use --compute cpu"
            ) from None
        self.batch //= 2
        torch.cuda.empty_cache()

    def _score_batch(self, photos: Sequence[Views]) -> list[Prediction]:
        padded = [*photos, *([photos[-1]] * (self.batch - len(photos)))]
        views = {name: self._stack([photo[name] for photo in padded]) for name in padded[0]}
        with (
            torch.inference_mode(),
            torch.autocast(
                self.device.type, dtype=torch.bfloat16, enabled=self.precision == "bf16"
            ),
        ):
            output = self._model.forward(views)
        return [self._prediction(output, index) for index in range(len(photos))]

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
    return Scorer(load_network(bundle), device=device, precision=precision)
