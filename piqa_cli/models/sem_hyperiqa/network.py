"""SEM-HyperIQA (Chahine et al. 2023): HyperIQA whose score is rescaled for the predicted scene."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from piqa_cli.models.blocks.bundles import from_bundle
from piqa_cli.models.blocks.hyper import HyperNet
from piqa_cli.models.blocks.scenes import Rescale, SceneClassifier, scene_verdict
from piqa_cli.models.normalize import IMAGENET_MEAN, IMAGENET_STD, Normalize
from piqa_cli.models.precision import full_precision
from piqa_cli.models.protocol import Output
from piqa_cli.models.sem_hyperiqa.views import patch_views
from piqa_cli.models.view_types import Cut, CutWithoutFace, FaceBox, Views

SIZES: dict[str, Any] = {
    "hyper": {"width": 64, "depths": (3, 4, 6, 3), "target": 224, "patch_rate": 6},
    "patches": 1,  # of a photograph; with patch rate 3 the authors take 3, with 1 they take 5
    "scenes": 50,  # all of PIQ23; 35 where 15 are held back for testing
    "classifier": 500,  # width of the scene classifier's hidden layers
    "rescale": 100,  # width of the rescale net's hidden layers
}
"""The sizes of the challenge's baseline: its 145 M parameters are those of one patch of 1344 px and
50 scenes."""


class SemHyperIqa(nn.Module):
    """Mean score of the patches, times a slope, plus an offset, both made from the scene.

    Args:
        sizes: as `SIZES`.
    """

    name = "sem-hyperiqa"

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        super().__init__()
        self.patches = sizes["patches"]
        self.normalize = Normalize(IMAGENET_MEAN, IMAGENET_STD)
        self.hyper = HyperNet(**sizes["hyper"])
        self.scenes = SceneClassifier(
            self.hyper.channels,
            patches=self.patches,
            scenes=sizes["scenes"],
            hidden=sizes["classifier"],
        )
        self.rescale = Rescale(sizes["scenes"], hidden=sizes["rescale"])

    def views(self, image: NDArray[np.uint8], face: FaceBox | None) -> Views:
        """See `patch_views`; the face changes nothing."""
        return patch_views(image, side_px=self.hyper.side_px, patches=self.patches)

    def cutter(self) -> Cut:
        """See `PortableModel`."""
        return CutWithoutFace(
            partial(patch_views, side_px=self.hyper.side_px, patches=self.patches)
        )

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores photographs; the scene is the one that the network predicts.

        Args:
            views: `patches` (photos, P, side, side, 3) uint8.

        Returns:
            scores (photos, 1); extras `scene_logits` (photos, scenes), `pre_scores` (photos, P),
            which are the patches' scores before any rescaling.
        """
        return self.forward_training(views, None)

    def forward_training(self, views: dict[str, Tensor], scenes: Tensor | None) -> Output:
        """As `forward`, with the scenes that are known in training.

        Args:
            views: see `forward`.
            scenes: (photos, scenes) float32, one-hot: the true ones, from which slope and offset
                are made. The logits stay those of the network. None: as `forward`.
        """
        patches = views["patches"]
        scores, maps = self.hyper(self.normalize(patches.flatten(0, 1)))
        with full_precision(scores):
            pre_scores = scores.unflatten(0, patches.shape[:2])
            logits = self.scenes(maps.unflatten(0, patches.shape[:2]))
            probabilities = logits.softmax(dim=-1) if scenes is None else scenes
            slope, offset = self.affine(probabilities).unbind(dim=-1)
            rescaled = slope * pre_scores.mean(dim=1) + offset
        return Output(rescaled[:, None], {"scene_logits": logits, "pre_scores": pre_scores})

    def affine(self, probabilities: Tensor) -> Tensor:
        """Slope and offset (photos, 2) of scenes that are known by probability (photos, scenes)."""
        found: Tensor = self.rescale(probabilities)
        return found

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """`scene_class` and `scene_probability` of one photograph."""
        return scene_verdict(output.extras["scene_logits"][photo])

    @classmethod
    def build(cls, state: dict[str, Tensor], metadata: Mapping[str, str]) -> Self:
        """The network with trained weights; see `from_bundle`."""
        again = f"piqa-cli train model {cls.name}"
        return from_bundle(cls, state, metadata, wanted=f"{cls.name}/1", again=again)


def build(state: dict[str, Tensor], metadata: dict[str, str]) -> SemHyperIqa:
    """See `SemHyperIqa.build`."""
    return SemHyperIqa.build(state, metadata)


def full_size() -> SemHyperIqa:
    """The published network without weights."""
    return SemHyperIqa(SIZES).eval()
