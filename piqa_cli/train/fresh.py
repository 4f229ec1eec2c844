"""Fresh weights of transformers that are built without any."""

from __future__ import annotations

from torch import nn

_STD = 0.02  # standard deviation of fresh weights (Liu et al. 2021)


def draw_linear_layers(network: nn.Module) -> None:
    """Draws all linear layers anew from torch's generator; biases become 0."""
    for module in network.modules():
        if isinstance(module, nn.Linear):
            nn.init.trunc_normal_(module.weight, std=_STD)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
