"""DN-PIQA (Sun et al. 2024): Swin-B on the photo, Swin-B on the face, LIQE features, an MLP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from piqa_cli.models.blocks.bundles import from_bundle
from piqa_cli.models.blocks.clip_tower import VIT_B_32
from piqa_cli.models.blocks.liqe.network import Liqe, verdict
from piqa_cli.models.blocks.liqe.prompts import LABELS, prompts
from piqa_cli.models.blocks.swin import SWIN_B, build_swin
from piqa_cli.models.dn_piqa.views import dn_piqa_views
from piqa_cli.models.normalize import IMAGENET_MEAN, IMAGENET_STD, Normalize
from piqa_cli.models.precision import full_precision
from piqa_cli.models.protocol import Output
from piqa_cli.models.view_types import Cut, FaceBox, Views

BUNDLE_FORMAT = "dn-piqa/1"
FULL_SIZES: dict[str, Any] = {
    "full": SWIN_B,
    "face": SWIN_B,
    "visual": VIT_B_32,
    "hidden": 128,
    "prompts": len(prompts()),
}
"""Sizes of the published network (Sun et al. 2024; Zhang et al. 2023)."""


class DnPiqa(nn.Module):
    """The mean of five scores, one for each crop of the photo paired with one of the face.

    Args:
        sizes: `full`, `face` (see `build_swin`), `visual` (see `build_visual`), `hidden` (width
            of the MLP, 128 as published) and `prompts` (495).
        labels: the prompts' words, see `verdict`.
    """

    def __init__(self, sizes: Mapping[str, Any], labels: Mapping[str, list[str]]) -> None:
        super().__init__()
        self.labels = labels
        self.normalize = Normalize(IMAGENET_MEAN, IMAGENET_STD)
        self.full = build_swin(**sizes["full"])
        self.face = build_swin(**sizes["face"])
        self.liqe = Liqe(prompts=sizes["prompts"], visual=sizes["visual"])
        self.quality = quality_mlp(sizes)

    def views(self, image: NDArray[np.uint8], face: FaceBox | None) -> Views:
        """See `dn_piqa_views`."""
        return dn_piqa_views(image, face)

    def cutter(self) -> Cut:
        """See `PortableModel`."""
        return dn_piqa_views

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores photographs: `views` stacked, first axis photos.

        Returns:
            scores (photos, 5); extras `liqe_logits` (photos, prompts).
        """
        logits = self.liqe(views["patches"])
        crops = views["full"].shape[1]
        features = (
            self._branch(self.full, views["full"]),
            self._branch(self.face, views["face"]),
            logits.unsqueeze(1).expand(-1, crops, -1),
        )
        with full_precision(logits):
            scores = self.quality(torch.cat(features, dim=-1)).squeeze(-1)
        return Output(scores, {"liqe_logits": logits})

    def _branch(self, swin: nn.Module, crops: Tensor) -> Tensor:
        """(photos, crops, H, W, 3) uint8 to (photos, crops, features)."""
        features: Tensor = swin(self.normalize(crops.flatten(0, 1)))
        return features.float().reshape(*crops.shape[:2], -1)

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """`liqe_quality`, `liqe_scene` and `liqe_distortion` of one photograph."""
        return verdict(output.extras["liqe_logits"][photo], self.labels)


def quality_mlp(sizes: Mapping[str, Any]) -> nn.Sequential:
    """Both branches' features and LIQE's logits to a score."""
    width = 8 * (sizes["full"]["embed_dim"] + sizes["face"]["embed_dim"]) + sizes["prompts"]
    return nn.Sequential(
        nn.Linear(width, sizes["hidden"]),
        nn.ReLU(),
        nn.Dropout(0.1),
        nn.Linear(sizes["hidden"], 1),
    )


def build(state: dict[str, Tensor], metadata: dict[str, str]) -> DnPiqa:
    """The network with imported weights; see `from_bundle`. Metadata has `labels` (JSON), too."""

    def network(sizes: dict[str, Any]) -> DnPiqa:
        return DnPiqa(sizes, json.loads(metadata["labels"]))

    again = "piqa-cli weights import dn-piqa"
    return from_bundle(network, state, metadata, wanted=BUNDLE_FORMAT, again=again)


def full_size() -> DnPiqa:
    """The published network without weights."""
    return DnPiqa(FULL_SIZES, LABELS).eval()
