"""Protocol of every quality model; `catalogue.MODELS` names them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from piqa_cli.models.view_types import Cut, FaceBox, Landmarks, Views


@dataclass(frozen=True, slots=True)
class Output:
    """Result of a forward pass.

    Attributes:
        scores: (photos, views) float32.
        extras: per photograph, first axis photos; only `explain` knows what they hold.
    """

    scores: Tensor
    extras: dict[str, Tensor] = field(default_factory=dict)


class QualityModel(Protocol):
    """One protocol for every model. Deterministic; nothing in it knows files or settings.

    Implementations are `torch.nn.Module`s in evaluation mode.
    """

    def views(self, image: NDArray[np.uint8], face: FaceBox | None) -> Views:
        """Cuts the network inputs from (H, W, 3) uint8 sRGB pixels; numpy only, no tensors."""
        ...

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores a batch: every tensor is `Views` stacked, (photos, ...), on the model's device."""
        ...

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """Explanation columns (see `piqa_cli.schema`) of one photograph of the batch."""
        ...


@runtime_checkable
class LandmarkModel(Protocol):
    """A `QualityModel` whose views need landmarks (`ModelSpec.needs_landmarks`)."""

    def views_with_landmarks(
        self, image: NDArray[np.uint8], face: FaceBox | None, landmarks: Landmarks
    ) -> Views:
        """As `QualityModel.views`; landmarks are in pixels of the image."""
        ...


@runtime_checkable
class PortableModel(Protocol):
    """A `QualityModel` whose views other processes can cut, which hold no network.

    Views of models that aren't one are cut in the process of the networks, by one thread.
    """

    def cutter(self) -> Cut:
        """A function that gives what `views` gives; it can be pickled and needs no torch."""
        ...
