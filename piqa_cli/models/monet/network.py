"""MoNet: ViT-B/16, five MALs on its maps, one that fuses them, a CNN, and two heads."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from timm.models.vision_transformer import Block
from torch import Tensor, nn

from piqa_cli.models.blocks.bundles import from_bundle
from piqa_cli.models.blocks.vit import block_maps, build_vit
from piqa_cli.models.monet.mal import Mal
from piqa_cli.models.monet.views import monet_views
from piqa_cli.models.normalize import Normalize
from piqa_cli.models.precision import full_precision
from piqa_cli.models.protocol import Output
from piqa_cli.models.view_types import Cut, CutWithoutFace, FaceBox, Views

BUNDLE_FORMAT = "monet/1"
MEAN_STD = (0.5, 0.5, 0.5)  # of the ViT's own training

FULL_SIZE: Mapping[str, Any] = {
    "vit": {"side_px": 384, "patch_px": 16, "width": 768, "depth": 12, "heads": 12},
    "blocks": [2, 5, 8, 11],  # maps are taken after the 3rd, 6th, 9th and 12th
    # The survey names no number of MALs: 5 make 407 M parameters, and it counts 408 M (4: 335 M).
    "mals": 5,
    "cnn": [256, 128, 128],
    "scenes": 35,  # PIQ23's scenes that the scene split trains on
}


class MoNet(nn.Module):
    """One score and the logits of scenes for one photo.

    Args:
        sizes: as `FULL_SIZE`; the side of the maps must be 20 or more (CNN without padding).
    """

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        super().__init__()
        vit = sizes["vit"]
        width, self.side_px, self.blocks = vit["width"], vit["side_px"], sizes["blocks"]
        self.grid = vit["side_px"] // vit["patch_px"]
        shape = {"channels": width, "positions": self.grid**2}
        self.normalize = Normalize(MEAN_STD, MEAN_STD)
        self.vit = build_vit(**vit)
        self.mals = nn.ModuleList(Mal(maps=len(self.blocks), **shape) for _ in range(sizes["mals"]))
        self.fusion = Mal(maps=sizes["mals"], **shape)
        self.block = Block(width, vit["heads"])
        self.cnn = _cnn(width, *sizes["cnn"])
        features = sizes["cnn"][-1]
        # Linear at the end: JODs have both signs (PromptIQA, for scores of 0 to 1, has a sigmoid).
        self.score = nn.Sequential(
            nn.Linear(features, features // 2),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Linear(features // 2, 1),
        )
        self.scene = nn.Linear(features, sizes["scenes"])

    def views(self, image: NDArray[np.uint8], face: FaceBox | None) -> Views:
        """See `monet_views`; the face isn't used."""
        return monet_views(image, self.side_px)

    def cutter(self) -> Cut:
        """See `PortableModel`."""
        return CutWithoutFace(partial(monet_views, side_px=self.side_px))

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores photographs.

        Args:
            views: `photo` (photos, 1, side, side, 3) uint8.

        Returns:
            scores (photos, 1); extras `scene_logits` (photos, scenes).
        """
        scores, logits = self.forward_training(views)
        return Output(scores.unsqueeze(1), {"scene_logits": logits})

    def forward_training(self, views: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """(photos,) scores and (photos, scenes) logits, both heads as they are trained."""
        features = self.features(views["photo"][:, 0])
        with full_precision(features):
            features = features.float()
            return self.score(features).squeeze(-1), self.scene(features)

    def features(self, photos: Tensor) -> Tensor:
        """(photos, side, side, 3) uint8 to (photos, features): what both heads read."""
        maps = block_maps(self.vit, self.normalize(photos), self.blocks).flatten(3)
        opinions = torch.stack([mal(maps) for mal in self.mals], dim=1)
        tokens = self.block(self.fusion(opinions).transpose(1, 2))
        fused = tokens.transpose(1, 2).unflatten(2, (self.grid, self.grid))
        features: Tensor = self.cnn(fused)
        return features

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """No column: numbers of PIQ23's scenes say nothing of a lab's scenes."""
        return {}


def _cnn(width: int, first: int, second: int, third: int) -> nn.Sequential:
    """(B, width, S, S) to (B, third): the last map is averaged whole (2 x 2 at S = 24)."""
    layers: list[nn.Module] = []
    ends = (nn.AvgPool2d(2), nn.AvgPool2d(2), nn.AdaptiveAvgPool2d(1))
    channels = (width, first, second, third)
    for index, (kernel, end) in enumerate(zip((5, 3, 3), ends, strict=True)):
        conv = nn.Conv2d(channels[index], channels[index + 1], kernel)
        layers += [conv, nn.BatchNorm2d(channels[index + 1]), nn.ReLU(), end]
    return nn.Sequential(*layers, nn.Flatten())


def full_size() -> MoNet:
    """The network of the challenge, without trained weights."""
    return MoNet(FULL_SIZE)


def build(state: dict[str, Tensor], metadata: dict[str, str]) -> MoNet:
    """The network with trained weights; see `from_bundle`."""
    again = "piqa-cli train model monet"
    return from_bundle(MoNet, state, metadata, wanted=BUNDLE_FORMAT, again=again)
