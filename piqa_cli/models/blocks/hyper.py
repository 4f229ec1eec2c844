"""The hyper network of HyperIQA (Su et al. 2020): every picture makes its own scoring network.

A ResNet sees the picture. Its last map makes the weights of a five-layer network, the target
network; means of all its maps are what the target network scores. The patch rate r of FHIQA
(Chahine et al. 2024) widens both for crops of 224 r px.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from piqa_cli.models.blocks.resnet import ResNet
from piqa_cli.models.precision import full_precision

UNIT_SIDE_PX = 224  # side of a crop at patch rate 1
_CELLS = 7  # side of the last map of such a crop; local means are taken over as many cells
_LOCAL = 16  # local features of each stage but the last, which gives all that are left


class LocalDistortion(nn.Module):
    """Local features of one stage: fewer channels, means over squares of 7 x 7 cells, one layer.

    Args:
        channels: of the stage's map.
        reduced: channels after the 1 x 1 convolution; None: there is none.
        squares: a side of the map, in squares of 7 cells.
        features: how many come out.
    """

    def __init__(self, channels: int, reduced: int | None, *, squares: int, features: int) -> None:
        super().__init__()
        self.reduce = nn.Conv2d(channels, reduced, 1, bias=False) if reduced else nn.Identity()
        self.project = nn.Linear((reduced or channels) * squares**2, features)

    def forward(self, maps: Tensor) -> Tensor:
        """(n, channels, 7 squares, 7 squares) to (n, features)."""
        means = functional.avg_pool2d(self.reduce(maps), _CELLS)
        found: Tensor = self.project(means.flatten(1))
        return found


class HyperNet(nn.Module):
    """A crop's score, by a network that the crop itself makes.

    New weights of the heads are drawn as He et al. 2015 do, every head by name.

    Args:
        width: channels of the ResNet's stem (64).
        depths: blocks of its stages (3, 4, 6, 3).
        target: inputs of the target network at patch rate 1 (224).
        patch_rate: side of a crop over 224 px.
    """

    def __init__(self, *, width: int, depths: Sequence[int], target: int, patch_rate: int) -> None:
        super().__init__()
        inputs = target * patch_rate
        self.widths = (*(inputs // 2**layer for layer in range(5)), 1)
        self.side_px = UNIT_SIDE_PX * patch_rate
        self.channels = inputs // 2  # of the hyper feature
        self.backbone = ResNet(width, depths)
        last = self.backbone.channels[-1]
        self.local = _local_heads(self.backbone.channels, patch_rate, inputs)
        self.features = nn.Sequential(
            nn.Conv2d(last, last // 2, 1),
            nn.ReLU(),
            nn.Conv2d(last // 2, last // 4, 1),
            nn.ReLU(),
            nn.Conv2d(last // 4, self.channels, 1),
            nn.ReLU(),
        )
        cells = (_CELLS * patch_rate) ** 2
        layers = list(pairwise(self.widths))
        self.weights = nn.ModuleList(
            nn.Conv2d(self.channels, wide * narrow // cells, 3, padding=1)
            for wide, narrow in layers[:-1]
        )
        self.weights.append(nn.Linear(self.channels, self.widths[-2]))
        self.biases = nn.ModuleList(nn.Linear(self.channels, outputs) for _, outputs in layers)
        self._draw_heads()

    def _draw_heads(self) -> None:
        for heads in (self.local, self.weights, self.biases):
            for module in heads.modules():
                if isinstance(module, nn.Conv2d | nn.Linear):
                    nn.init.kaiming_normal_(module.weight)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Scores crops.

        Args:
            pixels: (n, 3, 224 r, 224 r), normalised by the mean and deviation of ImageNet.

        Returns:
            Scores (n,) and hyper features (n, channels, 7 r, 7 r), both float32.
        """
        maps = self.backbone(pixels)
        vectors = [head(stage) for head, stage in zip(self.local, maps, strict=True)]
        features = self.features(maps[-1]).float()
        with full_precision(features):
            vector = torch.cat(vectors, dim=1).float()
            return target_scores(vector, *self._target(features)), features

    def _target(self, features: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Weights (n, outputs, inputs) and biases (n, outputs) of the target network's layers."""
        pooled = features.mean(dim=(2, 3))
        made = [head(features) for head in self.weights[:-1]] + [self.weights[-1](pooled)]
        layers = zip(made, pairwise(self.widths), strict=True)
        weights = [made.reshape(len(made), narrow, wide) for made, (wide, narrow) in layers]
        return weights, [head(pooled) for head in self.biases]


def target_scores(vector: Tensor, weights: Sequence[Tensor], biases: Sequence[Tensor]) -> Tensor:
    """Scores (n,) by n networks of linear layers, with sigmoids after all layers but the last.

    Args:
        vector: (n, inputs).
        weights: one (n, outputs, inputs) a layer.
        biases: one (n, outputs) a layer.
    """
    found = vector[:, :, None]
    for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        found = torch.baddbmm(bias[:, :, None], weight, found)
        if layer < len(weights) - 1:
            found = torch.sigmoid(found)
    return found[:, 0, 0]  # not `squeeze`, which drops the axis of crops where there is one crop


def _local_heads(channels: Sequence[int], patch_rate: int, features: int) -> nn.ModuleList:
    *stages, last = channels
    heads = [
        LocalDistortion(wide, wide // 16, squares=2 ** (3 - stage) * patch_rate, features=_LOCAL)
        for stage, wide in enumerate(stages)
    ]
    left = features - len(stages) * _LOCAL
    return nn.ModuleList(
        [*heads, LocalDistortion(last, None, squares=patch_rate, features=left)],
    )
