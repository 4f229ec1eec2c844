"""RQ-Net (NTIRE 2024 challenge, first place): the mean of two networks of CLIP and a small head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from piqa_cli.models.blocks.bundles import from_bundle
from piqa_cli.models.blocks.clip_tower import VIT_B_16, build_visual
from piqa_cli.models.blocks.crops import Pixels
from piqa_cli.models.normalize import IMAGENET_MEAN, IMAGENET_STD, Normalize
from piqa_cli.models.precision import full_precision
from piqa_cli.models.protocol import Output
from piqa_cli.models.rq_net.views import rq_net_views
from piqa_cli.models.view_types import Cut, CutWithoutFace, FaceBox, Views

BUNDLE_FORMAT = "rq-net/1"
MEMBERS = 2  # networks that the authors' submission averages

FULL_SIZES: dict[str, Any] = {
    "visual": VIT_B_16,
    "regions": 49,  # vectors that the head makes of 196 patch tokens
}


class Head(nn.Module):
    """Joins the feature of the whole photo with the patch tokens of its mosaic.

    Args:
        sizes: as `FULL_SIZES`.
    """

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        super().__init__()
        visual, regions = sizes["visual"], sizes["regions"]
        tokens = (visual["image_size"] // visual["patch_size"]) ** 2
        self.local_proj = nn.Sequential(
            nn.Conv1d(tokens, regions, 1),  # mixes tokens, the same way for every channel
            nn.ReLU(),
            nn.Conv1d(regions, 1, 1),
            nn.ReLU(),
            nn.Linear(visual["width"], visual["output_dim"]),
            nn.ReLU(),
        )
        self.quality_predictor = nn.Sequential(nn.Linear(2 * visual["output_dim"], 1))

    def forward(self, feature: Tensor, tokens: Tensor) -> Tensor:
        """(B, output_dim) and (B, tokens, width) to scores (B,)."""
        local = self.local_proj(tokens).squeeze(1)
        score: Tensor = self.quality_predictor(torch.cat([feature, local], dim=1))
        return score.squeeze(1)


class Member(nn.Module):
    """One of the two networks: a CLIP tower for both views, and a head."""

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        super().__init__()
        self.visual = build_visual(**sizes["visual"], tokens=True)
        self.head = Head(sizes)

    def forward(self, whole: Tensor, mosaics: Tensor) -> Tensor:
        """Normalised (B, 3, 224, 224) twice to scores (B,)."""
        feature, _ = self.visual(whole)
        _, tokens = self.visual(mosaics)
        with full_precision(feature):
            score: Tensor = self.head(feature.float(), tokens.float())
        return score


class RqNet(nn.Module):
    """Nine scores, each the mean of two networks; see `QualityModel`."""

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        super().__init__()
        # ImageNet's mean and deviation before a CLIP tower: so the authors trained it
        self.normalize = Normalize(IMAGENET_MEAN, IMAGENET_STD)
        self.members = nn.ModuleList(Member(sizes) for _ in range(sizes.get("members", MEMBERS)))

    def views(self, image: Pixels, face: FaceBox | None) -> Views:
        """See `rq_net_views`; the face plays no part."""
        return rq_net_views(image)

    def cutter(self) -> Cut:
        """See `PortableModel`."""
        return CutWithoutFace(rq_net_views)

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores photographs: (photos, 9), unbounded, comparable within a scene only."""
        whole, mosaics = (
            self.normalize(views[name].flatten(0, 1)) for name in ("whole", "mosaics")
        )
        scores = torch.stack([member(whole, mosaics) for member in self.members]).mean(dim=0)
        return Output(scores.reshape(views["whole"].shape[:2]))

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """Nothing: the score is all there is."""
        return {}


def build(state: dict[str, Tensor], metadata: dict[str, str]) -> RqNet:
    """The network with the weights of a bundle; see `from_bundle`."""
    again = "piqa-cli weights import rq-net"
    return from_bundle(RqNet, state, metadata, wanted=BUNDLE_FORMAT, again=again)


def full_size() -> RqNet:
    """The published networks without weights."""
    return RqNet(FULL_SIZES)
