"""Teaching of SAR: a random patch of photo and face each, and one of three tasks a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from piqa_cli.models.blocks.face_crops import face_square
from piqa_cli.models.sar.network import BUNDLE_FORMAT, FULL_SIZES, Sar
from piqa_cli.models.sar.views import FACE_SIDE_PX, PATCH_SIDE_PX
from piqa_cli.models.tensors import State
from piqa_cli.models.view_types import FaceBox, Views
from piqa_cli.train.zoo.augment import maybe_flipped, random_crop
from piqa_cli.train.zoo.objective import Answer
from piqa_cli.train.zoo.teaching import Arrays, Pixels, Teaching, clip_tower, without

TASKS = {"whole": 0.3, "face": 0.3, "joint": 0.4}
"""Score that a step teaches, by its share of the steps."""


class SarTeaching(Teaching):
    """The true scene chooses the regressors; its head learns beside them."""

    backbone = "tower."
    format = BUNDLE_FORMAT
    published = FULL_SIZES

    def network(self) -> nn.Module:
        """See `Teaching`."""
        return Sar(self.sizes)

    def freeze(self, model: nn.Module) -> None:
        """Stops the tower's first blocks, and the embeddings that they were trained with."""
        model.freeze()  # type: ignore[operator]

    def kept(self, pixels: Pixels, face: FaceBox | None) -> Arrays:
        """The picture, and the square around the face where there is one."""
        if face is None:
            return {"whole": pixels}
        return {"whole": pixels, "face": face_square(pixels, face, at_least=FACE_SIDE_PX)}

    def draw(self, kept: Mapping[str, NDArray[Any]], rng: np.random.Generator) -> Views:
        """See `Teaching`."""
        whole = kept["whole"]
        return {
            name: maybe_flipped(random_crop(picture, PATCH_SIDE_PX, rng), rng)[None]
            for name, picture in (("whole", whole), ("face", kept.get("face", whole)))
        }

    def answer(
        self, model: nn.Module, views: dict[str, Tensor], scenes: Tensor, rng: np.random.Generator
    ) -> Answer:
        """See `Teaching`."""
        scores = model.forward_training(views, scenes)  # type: ignore[operator]
        task = rng.choice(list(TASKS), p=list(TASKS.values()))
        return Answer(getattr(scores, task)[:, 0], scores.scene_logits[:, 0])

    def of_backbone_file(self, state: State) -> State:
        """The first blocks of a CLIP's image tower."""
        first = tuple(
            f"transformer.resblocks.{block}." for block in range(self.sizes["tower"]["layers"])
        )
        return {
            name: tensor
            for name, tensor in without(clip_tower(state), "ln_post.", "proj").items()
            if not name.startswith("transformer.") or name.startswith(first)
        }
