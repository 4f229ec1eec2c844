"""DSL-FIQA (Chen et al. 2024, CVPR): a MANIQA body that degradation and landmarks steer.

Names of tensors below `iqa.` and `de.` are those of the authors' two files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from piqa_cli.models.blocks.attention import as_tokens
from piqa_cli.models.blocks.bundles import from_bundle
from piqa_cli.models.blocks.cross_attention import DecoderBlock
from piqa_cli.models.blocks.maniqa import Body, head, weighted_mean
from piqa_cli.models.dsl_fiqa.views import dsl_fiqa_views
from piqa_cli.models.normalize import Normalize
from piqa_cli.models.protocol import Output
from piqa_cli.models.view_types import FaceBox, Landmarks, Views

BUNDLE_FORMAT = "dsl-fiqa/1"
MEAN_STD = (0.5, 0.5, 0.5)
BLOCKS = (6, 7, 8, 9)  # of the ViT, whose maps are read: the 7th to the 10th
FREQUENCIES = 10  # of sines and cosines of a landmark's number: 1, 2, 4 ... 512
DEGRADATION_GRID = (8, 12)  # 96 tokens a crop

FULL_SIZE: Mapping[str, Any] = {
    # Two of ViT-B's twelve blocks come after the last map that is read.
    "vit": {"side_px": 384, "patch_px": 16, "width": 768, "depth": 10, "heads": 12},
    "swin": {"window": 4, "depths": [2, 2], "heads": [4, 4], "hidden": 768},
    "channel_attentions": 2,  # before either Swin
    "encoder": [64, 128, 256],
    "decoder": {"depth": 3, "hidden": 1024},
    "points": 500,  # length of the vector of landmarks
}
DECODER_HEADS = 8


class DegradationEncoder(nn.Module):
    """Six convolutions: (B, 3, side, side) to 96 tokens of degradation."""

    def __init__(self, channels: list[int]) -> None:
        super().__init__()
        first, second, third = channels
        layers: list[nn.Module] = []
        widths = (3, first, first, second, second, third, third)
        for before, after, stride in zip(widths, widths[1:], (1, 1, 2, 1, 2, 1), strict=False):
            conv = nn.Conv2d(before, after, 3, stride=stride, padding=1)
            layers += [conv, nn.BatchNorm2d(after), nn.LeakyReLU(0.1)]
        self.E = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(DEGRADATION_GRID))

    def forward(self, crops: Tensor) -> Tensor:
        """(B, 96, channels)."""
        return as_tokens(self.E(crops))


class FaceQuality(Body):
    """Crop, degradation and landmarks to a score."""

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        super().__init__(sizes["vit"], BLOCKS, sizes["channel_attentions"], sizes["swin"])
        decoder, width = sizes["decoder"], sizes["encoder"][-1]
        self.conv_decoder = nn.Conv2d(sizes["vit"]["width"] // 2, width, 1)
        self.decoder = nn.ModuleList(
            DecoderBlock(width, DECODER_HEADS, decoder["hidden"]) for _ in range(decoder["depth"])
        )
        places = (sizes["vit"]["side_px"] // sizes["vit"]["patch_px"]) ** 2
        self.embed_mlp = head(sizes["points"] * (1 + 2 * FREQUENCIES), places, nn.Sigmoid())
        self.fc_score = head(width + 1, 1, nn.ReLU())  # + 1: the landmarks' channel
        self.fc_weight = head(width + 1, 1, nn.Sigmoid())

    def forward(self, crops: Tensor, degradation: Tensor, landmarks: Tensor) -> Tensor:
        """(B, 3, side, side), (B, 96, C) and (B, points) to (B,)."""
        tokens = as_tokens(self.conv_decoder(self.maps(crops)))
        for block in self.decoder:
            tokens = block(tokens, degradation)
        seen = self.embed_mlp(waves(landmarks)).unsqueeze(-1)
        return weighted_mean(torch.cat((tokens, seen), dim=-1), self.fc_score, self.fc_weight)


def waves(numbers: Tensor) -> Tensor:
    """(B, n) to (B, 21 n): the numbers, then sine and cosine of each frequency."""
    parts = [numbers]
    for power in range(FREQUENCIES):
        parts += [(numbers * 2**power).sin(), (numbers * 2**power).cos()]
    return torch.cat(parts, dim=1)


class DslFiqa(nn.Module):
    """The mean of twenty scores, one for each crop of the face.

    Args:
        sizes: as `FULL_SIZE`.
    """

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        super().__init__()
        self.sizes = {"side_px": sizes["vit"]["side_px"], "points": sizes["points"]}
        self.normalize = Normalize(MEAN_STD, MEAN_STD)
        self.de = DegradationEncoder(sizes["encoder"])
        self.iqa = FaceQuality(sizes)

    def views(self, image: NDArray[np.uint8], face: FaceBox | None) -> Views:
        """Raises ValueError: there are no views without landmarks."""
        raise ValueError("dsl-fiqa needs the landmarks of the face")

    def views_with_landmarks(
        self, image: NDArray[np.uint8], face: FaceBox | None, landmarks: Landmarks
    ) -> Views:
        """See `dsl_fiqa_views`."""
        return dsl_fiqa_views(image, face, landmarks, **self.sizes)

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores photographs, crop by crop: all at once would take 20 times the memory.

        Returns:
            scores (photos, 20).
        """
        pairs = zip(views["crops"].unbind(1), views["landmarks"].unbind(1), strict=True)
        return Output(torch.stack([self._scores(*pair) for pair in pairs], dim=1))

    def _scores(self, crops: Tensor, landmarks: Tensor) -> Tensor:
        pictures = self.normalize(crops)
        scores: Tensor = self.iqa(pictures, self.de(pictures), landmarks)
        return scores

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """No column: the score is all that the model knows."""
        return {}


def full_size() -> DslFiqa:
    """The published network, without weights."""
    return DslFiqa(FULL_SIZE)


def build(state: dict[str, Tensor], metadata: dict[str, str]) -> DslFiqa:
    """The network with imported weights; see `from_bundle`."""
    again = "piqa-cli weights import dsl-fiqa"
    return from_bundle(DslFiqa, state, metadata, wanted=BUNDLE_FORMAT, again=again)
