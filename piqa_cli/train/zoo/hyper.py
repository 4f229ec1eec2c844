"""Teaching of HyperIQA, SEM-HyperIQA and FULL-HyperIQA: random crops, and scenes that are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from piqa_cli.models.blocks.crops import stretched, to_short_side
from piqa_cli.models.blocks.hyper import UNIT_SIDE_PX
from piqa_cli.models.full_hyperiqa import network as full
from piqa_cli.models.hyperiqa import network as hyperiqa
from piqa_cli.models.hyperiqa.views import SIDE_PX, STRETCHED_HEIGHT_PX, STRETCHED_WIDTH_PX
from piqa_cli.models.sem_hyperiqa import network as sem
from piqa_cli.models.tensors import State
from piqa_cli.models.view_types import FaceBox, Views
from piqa_cli.train.zoo.augment import maybe_flipped, random_crop
from piqa_cli.train.zoo.objective import Answer
from piqa_cli.train.zoo.teaching import Arrays, Pixels, Teaching, without


class _HyperTeaching(Teaching):
    backbone = "hyper.backbone."

    def of_backbone_file(self, state: State) -> State:
        """A ResNet of torchvision or timm, which share all names; the classifier is left behind."""
        return without(state, "fc.")


class HyperIqaTeaching(_HyperTeaching):
    """One crop of the stretched picture at a time, from any place, or its mirror image."""

    format = hyperiqa.BUNDLE_FORMAT
    published = hyperiqa.SIZES

    def network(self) -> nn.Module:
        """See `Teaching`."""
        return hyperiqa.HyperIqa(self.sizes, "stretched")

    def metadata(self) -> dict[str, str]:
        """See `Teaching`."""
        return {"cutting": "stretched"}

    def kept(self, pixels: Pixels, face: FaceBox | None) -> Arrays:
        """See `Teaching`."""
        picture = stretched(pixels, width=STRETCHED_WIDTH_PX, height=STRETCHED_HEIGHT_PX)
        return {"picture": picture}

    def draw(self, kept: Mapping[str, NDArray[Any]], rng: np.random.Generator) -> Views:
        """See `Teaching`."""
        crop = random_crop(kept["picture"], SIDE_PX, rng)
        return {"crops": maybe_flipped(crop, rng)[None]}


class SemHyperIqaTeaching(_HyperTeaching):
    """Random patches of a picture, kept together; slope and offset come from the true scene.

    No flips: the paper names none.
    """

    format = "sem-hyperiqa/1"
    published = sem.SIZES

    def network(self) -> nn.Module:
        """See `Teaching`."""
        return sem.SemHyperIqa(self.sizes)

    def kept(self, pixels: Pixels, face: FaceBox | None) -> Arrays:
        """See `Teaching`."""
        return {"picture": pixels}

    def draw(self, kept: Mapping[str, NDArray[Any]], rng: np.random.Generator) -> Views:
        """See `Teaching`."""
        picture, side = kept["picture"], UNIT_SIDE_PX * self.sizes["hyper"]["patch_rate"]
        if min(picture.shape[:2]) < side:
            picture = to_short_side(picture, side)
        patches = [random_crop(picture, side, rng) for _ in range(self.sizes["patches"])]
        return {"patches": np.stack(patches)}

    def answer(
        self, model: nn.Module, views: dict[str, Tensor], scenes: Tensor, rng: np.random.Generator
    ) -> Answer:
        """See `Teaching`."""
        known = functional.one_hot(scenes, self.sizes["scenes"]).float()
        output = model.forward_training(views, known)  # type: ignore[operator]
        return Answer(output.scores[:, 0], output.extras["scene_logits"])


class FullHyperIqaTeaching(SemHyperIqaTeaching):
    """As SEM-HyperIQA; with the scene known, only its own rescaling counts."""

    format = "full-hyperiqa/1"
    published = full.SIZES

    def network(self) -> nn.Module:
        """See `Teaching`."""
        return full.FullHyperIqa(self.sizes)
