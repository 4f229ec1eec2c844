"""Attention of DSL-FIQA: over channels, in windows, and from degradation to places.

Names of tensors are the authors'.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import relu, scaled_dot_product_attention


def as_tokens(maps: Tensor) -> Tensor:
    """(B, C, S, S) to (B, S * S, C)."""
    return maps.flatten(2).transpose(1, 2)


def as_maps(tokens: Tensor) -> Tensor:
    """(B, S * S, C) to (B, C, S, S)."""
    side = math.isqrt(tokens.shape[1])
    return tokens.transpose(1, 2).reshape(len(tokens), -1, side, side)


class ChannelAttention(nn.Module):
    """Transposed attention of MANIQA (Yang et al. 2022): channels are tokens, (B, C, P) to it."""

    def __init__(self, positions: int) -> None:
        super().__init__()
        self.c_q = nn.Linear(positions, positions)
        self.c_k = nn.Linear(positions, positions)
        self.c_v = nn.Linear(positions, positions)

    def forward(self, x: Tensor) -> Tensor:
        """Adds the attended channels.

        The authors write them out position by position and read them channel by channel, which
        shuffles them; the published weights were trained so.
        """
        attended = scaled_dot_product_attention(self.c_q(x), self.c_k(x), self.c_v(x))
        return x + attended.transpose(1, 2).reshape(x.shape)


class Mlp(nn.Module):
    """Two layers with GELU; with `places`, a depth-wise 3 x 3 convolution before it."""

    def __init__(self, width: int, hidden: int, *, places: bool = False) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.dwconv = DepthWise(hidden) if places else nn.Identity()
        self.act = nn.GELU()
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, tokens: Tensor) -> Tensor:
        """(B, P, width) to the same."""
        result: Tensor = self.fc2(self.act(self.dwconv(self.fc1(tokens))))
        return result


class DepthWise(nn.Module):
    """A 3 x 3 convolution of every channel by itself, (B, P, C) to the same."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.dwconv = nn.Conv2d(channels, channels, 3, padding=1, groups=channels)

    def forward(self, tokens: Tensor) -> Tensor:
        """Convolves the tokens where they lie."""
        return as_tokens(self.dwconv(as_maps(tokens)))


class WindowAttention(nn.Module):
    """Attention among the tokens of a window (Liu et al. 2021)."""

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


class SwinBlock(nn.Module):
    """Window attention and MLP; every second block shifts the windows by half of one."""

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


class SwinStage(nn.Module):
    """Blocks, then a 3 x 3 convolution with ReLU; (B, P, width) to the same."""

    def __init__(self, width: int, *, depth: int, **block: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1)
        self.blocks = nn.ModuleList(
            SwinBlock(width, shifted=index % 2 == 1, **block) for index in range(depth)
        )

    def forward(self, tokens: Tensor) -> Tensor:
        """Runs the stage."""
        for block in self.blocks:
            tokens = block(tokens)
        return as_tokens(relu(self.conv(as_maps(tokens))))


class Swin(nn.Module):
    """Stages at one resolution, each with a residual; (B, width, S, S) to the same."""

    SCALE = 0.8  # of a stage's result

    def __init__(self, width: int, *, grid: int, sizes: Mapping[str, Any]) -> None:
        super().__init__()
        block = {"grid": grid, "window": sizes["window"], "hidden": sizes["hidden"]}
        stages = zip(sizes["depths"], sizes["heads"], strict=True)
        self.layers = nn.ModuleList(
            SwinStage(width, depth=depth, heads=heads, **block) for depth, heads in stages
        )

    def forward(self, maps: Tensor) -> Tensor:
        """Runs all stages."""
        tokens = as_tokens(maps)
        for layer in self.layers:
            tokens = tokens + self.SCALE * layer(tokens)
        return as_maps(tokens)


class CrossAttention(nn.Module):
    """Degradation asks, the face's places answer."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q = nn.Linear(width, width)
        self.kv = nn.Linear(width, 2 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, tokens: Tensor, degradation: Tensor) -> Tensor:
        """(B, P, width) and (B, T, width) to (B, P, width); place p has the query p * T // P."""
        places, asking = tokens.shape[1], degradation.shape[1]
        nearest = torch.arange(places, device=tokens.device) * asking // places
        q = self.q(degradation)[:, nearest].unflatten(2, (self.heads, -1)).transpose(1, 2)
        k, v = self.kv(tokens).unflatten(2, (2, self.heads, -1)).permute(2, 0, 3, 1, 4)
        attended = scaled_dot_product_attention(q, k, v)
        result: Tensor = self.proj(attended.transpose(1, 2).flatten(2))
        return result


class DecoderBlock(nn.Module):
    """Cross-attention and MLP, (B, P, width) to the same."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        norm = partial(nn.LayerNorm, eps=1e-6)
        self.norm1 = norm(width)
        self.attn = CrossAttention(width, heads)
        self.norm2 = norm(width)
        self.mlp = Mlp(width, hidden, places=True)

    def forward(self, tokens: Tensor, degradation: Tensor) -> Tensor:
        """Mixes the degradation into the tokens."""
        tokens = tokens + self.attn(self.norm1(tokens), degradation)
        result: Tensor = tokens + self.mlp(self.norm2(tokens))
        return result
