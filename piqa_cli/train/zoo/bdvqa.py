"""Teaching of the model after BDVQA: random resized crops, turned a little."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from piqa_cli.models.bdvqa.network import BUNDLE_FORMAT, FULL_SIZE, Bdvqa
from piqa_cli.models.bdvqa.views import CROP_SIDE_PX, SHORT_SIDES_PX
from piqa_cli.models.blocks.crops import to_short_side
from piqa_cli.models.blocks.swin_file import modern_names
from piqa_cli.models.tensors import State
from piqa_cli.models.view_types import FaceBox, Views
from piqa_cli.train.fresh import draw_linear_layers
from piqa_cli.train.zoo.augment import turned_crop
from piqa_cli.train.zoo.objective import Answer
from piqa_cli.train.zoo.teaching import Arrays, Pixels, Teaching, without

TURN_DEGREES = 10.0
"""Largest angle of a crop. The survey names a random rotation without its range; photos of a hand
that holds a phone are askew by a few degrees."""
SHARES = (CROP_SIDE_PX / SHORT_SIDES_PX[1], CROP_SIDE_PX / SHORT_SIDES_PX[0])
"""Smallest and largest side of a crop, in shorter sides of the picture: what the crops for scoring
show. The paper doesn't state its range."""


class BdvqaTeaching(Teaching):
    """One random crop of every picture."""

    backbone = "swin."
    format = BUNDLE_FORMAT
    published = FULL_SIZE

    def network(self) -> nn.Module:
        """See `Teaching`."""
        model = Bdvqa(self.sizes)
        draw_linear_layers(model.swin)
        return model

    def kept(self, pixels: Pixels, face: FaceBox | None) -> Arrays:
        """See `Teaching`."""
        return {"picture": to_short_side(pixels, SHORT_SIDES_PX[1])}

    def draw(self, kept: Mapping[str, NDArray[Any]], rng: np.random.Generator) -> Views:
        """See `Teaching`."""
        crop = turned_crop(kept["picture"], CROP_SIDE_PX, rng, shares=SHARES, degrees=TURN_DEGREES)
        return {"crops": crop[None]}

    def answer(
        self, model: nn.Module, views: dict[str, Tensor], scenes: Tensor, rng: np.random.Generator
    ) -> Answer:
        """See `Teaching`."""
        return Answer(model.score_crops(views["crops"])[:, 0])  # type: ignore[operator]

    def of_backbone_file(self, state: State) -> State:
        """A Swin transformer of old or new timm; the classifier is left behind."""
        return modern_names(without(state, "head."))
