"""A model inspired by BDVQA (NTIRE 2024): a Swin transformer, features of all stages, an MLP.

BDVQA builds on MSTRIQ (Wang et al. 2022), which fuses features of several stages of a Swin
transformer. Neither states its layers, and no code is published: this is no reproduction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from piqa_cli.models.bdvqa.views import bdvqa_views
from piqa_cli.models.blocks.bundles import from_bundle
from piqa_cli.models.blocks.swin import SWIN_B, build_swin, stage_maps
from piqa_cli.models.normalize import IMAGENET_MEAN, IMAGENET_STD, Normalize
from piqa_cli.models.precision import full_precision
from piqa_cli.models.protocol import Output
from piqa_cli.models.view_types import Cut, CutWithoutFace, FaceBox, Views

BUNDLE_FORMAT = "bdvqa/1"

FULL_SIZE: Mapping[str, Any] = {"swin": SWIN_B, "hidden": 128}
"""Sizes to train with. The survey counts 794 M parameters: nine Swin-B or four Swin-L together; it
says neither which, nor the width of the MLP. One Swin-B with the MLP of DN-PIQA costs a tenth."""

DROPOUT = 0.1  # in the MLP, while it trains; open in the paper, as in DN-PIQA


class Bdvqa(nn.Module):
    """The mean of the scores of 18 crops.

    Every stage's map is normalised per place, averaged over all places, and joined with the others.
    The first three norms are new: earlier stages have none of their own, and their maps differ in
    size by orders of magnitude.

    Args:
        sizes: `swin` (see `build_swin`) and `hidden` (width of the MLP), see `FULL_SIZE`.
    """

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        super().__init__()
        self.normalize = Normalize(IMAGENET_MEAN, IMAGENET_STD)
        self.swin = build_swin(**sizes["swin"])
        widths = [sizes["swin"]["embed_dim"] * 2**stage for stage in range(4)]
        self.norms = nn.ModuleList(nn.LayerNorm(width) for width in widths[:-1])
        self.quality = nn.Sequential(
            nn.Linear(sum(widths), sizes["hidden"]),
            nn.ReLU(),
            nn.Dropout(DROPOUT),
            nn.Linear(sizes["hidden"], 1),
        )

    def views(self, image: NDArray[np.uint8], face: FaceBox | None) -> Views:
        """See `bdvqa_views`; the face changes nothing."""
        return bdvqa_views(image)

    def cutter(self) -> Cut:
        """See `PortableModel`."""
        return CutWithoutFace(bdvqa_views)

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores (photos, 18) of `crops` (photos, 18, 384, 384, 3) uint8."""
        return Output(self.score_crops(views["crops"]))

    def score_crops(self, crops: Tensor) -> Tensor:
        """Scores in JOD, (photos, n), of any crops (photos, n, 384, 384, 3) uint8; trains, too."""
        features = self.features(crops.flatten(0, 1))
        with full_precision(features):
            scores: Tensor = self.quality(features).squeeze(-1)
        return scores.reshape(crops.shape[:2])

    def features(self, crops: Tensor) -> Tensor:
        """Features (n, 15 * embed_dim) of crops (n, 384, 384, 3) uint8."""
        maps = stage_maps(self.swin, self.normalize(crops))
        last: Any = self.swin.norm  # ImageNet's training has fitted it
        pooled = [
            norm(found).float().mean(dim=(1, 2))
            for norm, found in zip([*self.norms, last], maps, strict=True)
        ]
        return torch.cat(pooled, dim=1)

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """Nothing: the crops' scores are all that it knows."""
        return {}


def full_size() -> Bdvqa:
    """The network with one Swin-B, without weights."""
    return Bdvqa(FULL_SIZE)


def build(state: dict[str, Tensor], metadata: dict[str, str]) -> Bdvqa:
    """The network with trained weights; see `from_bundle`."""
    again = "piqa-cli train model bdvqa"
    return from_bundle(Bdvqa, state, metadata, wanted=BUNDLE_FORMAT, again=again)
