"""A model as the loop needs it: its network, its training views, its backbone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from piqa_cli.models.tensors import State
from piqa_cli.models.view_types import FaceBox, Views
from piqa_cli.train.zoo.objective import Answer

Pixels = NDArray[np.uint8]
Arrays = dict[str, NDArray[np.generic]]


class Teaching(ABC):
    """A model with its way of being taught.

    Attributes:
        backbone: beginning of the names of the tensors that the backbone file holds.
        format: of the bundle, as the model's `build` wants it.
        published: sizes of the published network.
        sizes: of this one.
    """

    backbone: ClassVar[str]
    format: ClassVar[str]
    published: ClassVar[Mapping[str, Any]]

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        self.sizes = sizes

    @abstractmethod
    def network(self) -> nn.Module:
        """The network with fresh weights from torch's generator."""

    def freeze(self, model: nn.Module) -> None:  # noqa: B027  (most models train all)
        """Stops the training of what the paper keeps as the backbone's file has it."""

    @abstractmethod
    def kept(self, pixels: Pixels, face: FaceBox | None) -> Arrays:
        """Arrays of a working picture (H, W, 3) uint8 that `draw` cuts views from."""

    @abstractmethod
    def draw(self, kept: Mapping[str, NDArray[Any]], rng: np.random.Generator) -> Views:
        """Training views of one picture, first axis views; shapes are always the same."""

    def answer(
        self, model: nn.Module, views: dict[str, Tensor], scenes: Tensor, rng: np.random.Generator
    ) -> Answer:
        """Scores captures in training.

        Args:
            model: of `network`.
            views: of `draw`, stacked, first axis captures.
            scenes: (captures,) int64 classes.
            rng: the same for all parts of a step.
        """
        return Answer(model(views).scores.mean(dim=1))

    def of_backbone_file(self, state: State) -> State:
        """The tensors of a backbone file under the names that they have behind `backbone`."""
        return state

    def metadata(self) -> dict[str, str]:
        """Metadata of the bundle beside `format` and `sizes`, for the model's `build`."""
        return {}


def without(state: State, *beginnings: str) -> State:
    """The tensors whose names begin with none of these."""
    return {name: tensor for name, tensor in state.items() if not name.startswith(beginnings)}


def clip_tower(state: State) -> State:
    """The image tower of a CLIP, of a file with or without the text tower."""
    tower = {n.removeprefix("visual."): t for n, t in state.items() if n.startswith("visual.")}
    return tower or state
