"""Scene classifiers and what scenes do to scores: per-class affine maps, mixed by probability."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from piqa_cli.models.blocks.mlp import mlp


class SceneClassifier(nn.Module):
    """Scene logits of a photograph from the feature maps of its patches.

    Every map is averaged to 1 x `scenes` (all rows, as many strips as there are classes).

    Args:
        channels: of a map.
        patches: patches of a photograph; their order matters.
        scenes: number of classes.
        hidden: width of both hidden layers.
    """

    def __init__(self, channels: int, *, patches: int, scenes: int, hidden: int) -> None:
        super().__init__()
        self.scenes = scenes
        self.layers = mlp((patches * channels * scenes, hidden, hidden, scenes))

    def forward(self, maps: Tensor) -> Tensor:
        """(photos, patches, channels, H, W) to (photos, scenes)."""
        strips = functional.adaptive_avg_pool2d(maps.flatten(0, 1), (1, self.scenes))
        logits: Tensor = self.layers(strips.reshape(len(maps), -1))
        return logits


class Rescale(nn.Module):
    """Slope and offset of a score from the weights of its scenes: (n, scenes) to (n, 2)."""

    def __init__(self, scenes: int, *, hidden: int) -> None:
        super().__init__()
        self.scenes = scenes
        self.layers = mlp((scenes, hidden, hidden, hidden, 2))

    def forward(self, weights: Tensor) -> Tensor:
        """See the class."""
        found: Tensor = self.layers(weights)
        return found

    def of_each_scene(self, near: Tensor) -> Tensor:
        """(scenes, 2) of each class alone, on the device of a tensor."""
        return self(torch.eye(self.scenes, device=near.device))


def likeliest(weights: Tensor, kept: int) -> Tensor:
    """Weights of classes of which only the largest are kept, with a sum of 1 again.

    Args:
        weights: (n, scenes), at least 0.
        kept: how many stay; all of them where there are no more.

    >>> likeliest(torch.tensor([[0.25, 0.0, 0.75], [0.1, 0.6, 0.3]]), 1).tolist()
    [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    largest, places = weights.topk(min(kept, weights.shape[-1]), dim=-1)
    shares = largest / largest.sum(dim=-1, keepdim=True)
    return torch.zeros_like(weights).scatter(-1, places, shares)


def scene_weights(logits: Tensor, scenes: Tensor | None) -> Tensor:
    """(n, scenes): probabilities, or ones at known scenes.

    Args:
        logits: (n, scenes).
        scenes: (n,) int64; None: they aren't known.
    """
    if scenes is None:
        return logits.softmax(dim=-1)
    return functional.one_hot(scenes, logits.shape[-1]).to(logits.dtype)


def scene_verdict(logits: Tensor) -> dict[str, Any]:
    """`SCENE_COLUMNS` of one photograph from its logits (scenes,)."""
    probability, scene = logits.float().softmax(dim=-1).max(dim=-1)
    return {"scene_class": int(scene), "scene_probability": float(probability)}
