"""Convolutions of VGG-16 (Simonyan & Zisserman 2015); layers are numbered as in torchvision."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

DEPTHS = (2, 2, 3, 3, 3)
"""Convolutions of the five stages; a pooling lies between two stages."""


def build_vgg(widths: Sequence[int]) -> nn.Sequential:
    """The stages without the last pooling: (n, 3, H, W) to (n, C, H // 16, W // 16).

    Args:
        widths: channels of the five stages (VGG-16: 64, 128, 256, 512, 512).
    """
    layers: list[nn.Module] = []
    channels = 3
    for stage, (width, depth) in enumerate(zip(widths, DEPTHS, strict=True)):
        if stage:
            layers.append(nn.MaxPool2d(2))
        for _ in range(depth):
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(inplace=True)]
            channels = width
    return nn.Sequential(*layers)
