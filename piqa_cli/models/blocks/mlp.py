"""Linear layers with ReLU between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from torch import nn


def mlp(widths: Sequence[int], *end: nn.Module) -> nn.Sequential:
    """Linear layers with ReLU between them: (..., first width) to (..., last width).

    Args:
        widths: of the input, of the hidden layers and of the result.
        end: what follows the last layer.
    """
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1], *end)
