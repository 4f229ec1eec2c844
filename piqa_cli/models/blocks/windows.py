"""Attention in windows (Liu et al. 2021) on a grid of one resolution, by tensors named as timm's.

timm has the same block; its products are summed in another order, which moves the last digits.
"""

from __future__ import annotations

import math

import torch
from timm.layers import Mlp
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from piqa_cli.models.blocks.attention import as_maps


class WindowAttention(nn.Module):
    """Attention among the tokens of a window."""

    index: Tensor

    def __init__(self, width: int, window: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * window - 1) ** 2, heads))
        place = torch.arange(window**2)
        down, across = place // window, place % window
        step = down[:, None] - down + window - 1, across[:, None] - across + window - 1
        self.register_buffer("index", step[0] * (2 * window - 1) + step[1], persistent=False)

    def forward(self, windows: Tensor, mask: Tensor | None) -> Tensor:
        """(B, windows, tokens, width) to the same; mask (windows, 1, tokens, tokens) is added."""
        parts = self.qkv(windows).unflatten(-1, (3, self.heads, -1))
        q, k, v = parts.permute(3, 0, 1, 4, 2, 5)  # each (B, windows, heads, tokens, width / heads)
        bias = self.relative_position_bias_table[self.index].permute(2, 0, 1)
        bias = bias if mask is None else bias + mask
        attended = scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
        result: Tensor = self.proj(attended.transpose(2, 3).flatten(3))
        return result


class WindowBlock(nn.Module):
    """Window attention and MLP; a shifted block moves the windows by half of one.

    Args:
        width: of a token.
        grid: tokens a side, which `window` divides.
        window: tokens a side of a window.
        heads: of attention.
        hidden: width inside the MLP.
        shifted: every second block of a stage is.
    """

    mask: Tensor | None

    def __init__(
        self, width: int, *, grid: int, window: int, heads: int, hidden: int, shifted: bool
    ) -> None:
        super().__init__()
        self.window, self.shift = window, window // 2 if shifted else 0
        self.norm1 = nn.LayerNorm(width)
        self.attn = WindowAttention(width, window, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = Mlp(width, hidden)
        mask = shift_mask(grid, window, self.shift) if shifted else None
        self.register_buffer("mask", mask, persistent=False)

    def forward(self, tokens: Tensor) -> Tensor:
        """(B, P, width) to the same."""
        maps = as_maps(self.norm1(tokens)).permute(0, 2, 3, 1)
        turned = maps.roll((-self.shift, -self.shift), (1, 2))
        attended = self.attn(windows_of(turned, self.window), self.mask)
        maps = map_of(attended, self.window).roll((self.shift, self.shift), (1, 2))
        tokens = tokens + maps.flatten(1, 2)
        result: Tensor = tokens + self.mlp(self.norm2(tokens))
        return result


def windows_of(maps: Tensor, window: int) -> Tensor:
    """(B, S, S, C) to (B, windows, window * window, C), row by row."""
    batch, side, _, channels = maps.shape
    rows = side // window
    parts = maps.reshape(batch, rows, window, rows, window, channels).transpose(2, 3)
    return parts.reshape(batch, rows**2, window**2, channels)


def map_of(windows: Tensor, window: int) -> Tensor:
    """(B, windows, window * window, C) back to (B, S, S, C)."""
    batch, count, _, channels = windows.shape
    rows = math.isqrt(count)
    parts = windows.reshape(batch, rows, rows, window, window, channels).transpose(2, 3)
    return parts.reshape(batch, rows * window, rows * window, channels)


def shift_mask(grid: int, window: int, shift: int) -> Tensor:
    """(windows, 1, tokens, tokens): -100 between tokens that the shift brought together."""
    place = torch.arange(grid)
    part = (place >= grid - window).long() + (place >= grid - shift).long()
    region = (3 * part[:, None] + part)[None, :, :, None]
    labels = windows_of(region, window)[0, :, :, 0]
    apart = labels[:, None] != labels[:, :, None]
    return torch.where(apart, -100.0, 0.0).unsqueeze(1)
