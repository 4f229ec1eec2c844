"""Convolutions by standardised weights (Qiao et al. 2019) with group norms, as in TensorFlow."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, pad, relu

GROUPS = 32  # of every norm


class StandardConv(nn.Conv2d):
    """Convolution by weights of mean 0 and deviation 1, padded as TensorFlow's `SAME`."""

    def forward(self, x: Tensor) -> Tensor:
        """(n, C, side, side) to (n, D, side / stride, side / stride)."""
        spread, mean = torch.std_mean(self.weight, dim=(1, 2, 3), keepdim=True)
        weight = (self.weight - mean) / (spread + 1e-5)
        return conv2d(same(x, self.kernel_size[0], self.stride[0]), weight, stride=self.stride)


def same(x: Tensor, kernel: int, stride: int) -> Tensor:
    """Adds zeros around squares, the odd one behind: padding `SAME` of TensorFlow."""
    side = x.shape[-1]
    gap = max((-(-side // stride) - 1) * stride + kernel - side, 0)
    return pad(x, (gap // 2, gap - gap // 2) * 2)


class Bottleneck(nn.Module):
    """A residual block: (n, C, side, side) to (n, 4 C, side, side)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = StandardConv(width, width, 1, bias=False)
        self.gn1 = nn.GroupNorm(GROUPS, width, eps=1e-4)
        self.conv2 = StandardConv(width, width, 3, bias=False)
        self.gn2 = nn.GroupNorm(GROUPS, width, eps=1e-4)
        self.conv3 = StandardConv(width, 4 * width, 1, bias=False)
        self.gn3 = nn.GroupNorm(GROUPS, 4 * width, eps=1e-4)
        self.conv_proj = StandardConv(width, 4 * width, 1, bias=False)
        self.gn_proj = nn.GroupNorm(GROUPS, 4 * width, eps=1e-4)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        beside = self.gn_proj(self.conv_proj(x))
        x = relu(self.gn1(self.conv1(x)))
        x = relu(self.gn2(self.conv2(x)))
        return relu(self.gn3(self.conv3(x)) + beside)
