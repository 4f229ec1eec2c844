"""Teaching of RQ-Net: a random crop of the whole picture, and a mosaic at a random place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from piqa_cli.models.blocks.crops import stretched, to_short_side
from piqa_cli.models.blocks.mosaic import mosaic
from piqa_cli.models.rq_net.network import BUNDLE_FORMAT, FULL_SIZES, RqNet
from piqa_cli.models.rq_net.views import (
    MOSAIC_CELLS,
    MOSAIC_PATCH_PX,
    MOSAIC_SHORT_SIDE_PX,
    STRETCHED_SIDE_PX,
    VIEW_SIDE_PX,
)
from piqa_cli.models.tensors import State
from piqa_cli.models.view_types import FaceBox, Views
from piqa_cli.train.zoo.augment import maybe_flipped, random_crop
from piqa_cli.train.zoo.teaching import Arrays, Pixels, Teaching, clip_tower


class RqNetTeaching(Teaching):
    """One network: the authors average two, whose trainings differ in their pictures."""

    backbone = "members.0.visual."
    format = BUNDLE_FORMAT
    published = FULL_SIZES | {"members": 1}

    def network(self) -> nn.Module:
        """See `Teaching`."""
        return RqNet(self.sizes)

    def kept(self, pixels: Pixels, face: FaceBox | None) -> Arrays:
        """See `Teaching`."""
        side = STRETCHED_SIDE_PX
        return {
            "whole": stretched(pixels, width=side, height=side),
            "large": to_short_side(pixels, MOSAIC_SHORT_SIDE_PX),
        }

    def draw(self, kept: Mapping[str, NDArray[Any]], rng: np.random.Generator) -> Views:
        """See `Teaching`; both views are mirrored or neither is."""
        large = kept["large"]
        y, x = (
            int(rng.integers(length // MOSAIC_CELLS - MOSAIC_PATCH_PX + 1))
            for length in large.shape[:2]
        )
        whole = random_crop(kept["whole"], VIEW_SIDE_PX, rng)
        patches = mosaic(large, (y, x), cells=MOSAIC_CELLS, side=MOSAIC_PATCH_PX)
        both = maybe_flipped(np.concatenate([whole, patches]), rng)
        return {"whole": both[None, :VIEW_SIDE_PX], "mosaics": both[None, VIEW_SIDE_PX:]}

    def of_backbone_file(self, state: State) -> State:
        """The image tower of CLIP ViT-B/16."""
        return clip_tower(state)
