"""Teaching of MoNet: the whole picture or its mirror image, a score and a scene."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from piqa_cli.models.monet.network import BUNDLE_FORMAT, FULL_SIZE, MoNet
from piqa_cli.models.monet.views import monet_views
from piqa_cli.models.tensors import State
from piqa_cli.models.view_types import FaceBox, Views
from piqa_cli.train.zoo.augment import maybe_flipped
from piqa_cli.train.zoo.objective import Answer
from piqa_cli.train.zoo.teaching import Arrays, Pixels, Teaching, without


class MoNetTeaching(Teaching):
    """The survey names no augmentation; a mirror image is the same photo."""

    backbone = "vit."
    format = BUNDLE_FORMAT
    published = FULL_SIZE

    def network(self) -> nn.Module:
        """See `Teaching`."""
        return MoNet(self.sizes)

    def kept(self, pixels: Pixels, face: FaceBox | None) -> Arrays:
        """See `Teaching`."""
        return {"photo": monet_views(pixels, self.sizes["vit"]["side_px"])["photo"][0]}

    def draw(self, kept: Mapping[str, NDArray[Any]], rng: np.random.Generator) -> Views:
        """See `Teaching`."""
        return {"photo": maybe_flipped(kept["photo"], rng)[None]}

    def answer(
        self, model: nn.Module, views: dict[str, Tensor], scenes: Tensor, rng: np.random.Generator
    ) -> Answer:
        """See `Teaching`."""
        return Answer(*model.forward_training(views))  # type: ignore[operator]

    def of_backbone_file(self, state: State) -> State:
        """A ViT of timm; its last norm and its classifier are left behind."""
        return without(state, "norm.", "fc_norm.", "head.")
