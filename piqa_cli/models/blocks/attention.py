"""Attention with several heads, and tokens that lie in a square."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention


def as_tokens(maps: Tensor) -> Tensor:
    """(B, C, S, S) to (B, S * S, C)."""
    return maps.flatten(2).transpose(1, 2)


def as_maps(tokens: Tensor) -> Tensor:
    """(B, S * S, C) to (B, C, S, S)."""
    side = math.isqrt(tokens.shape[1])
    return tokens.transpose(1, 2).reshape(len(tokens), -1, side, side)


def attended(q: Tensor, k: Tensor, v: Tensor, *, heads: int, mask: Tensor | None = None) -> Tensor:
    """Values, mixed for every query; each head sees its own share of the width.

    Args:
        q: (B, P, width).
        k: (B, T, width).
        v: (B, T, width).
        heads: their number, which divides the width.
        mask: (B, T) bool, True for keys that count; None: all do.

    Returns:
        (B, P, width).
    """
    q, k, v = (x.reshape(*x.shape[:2], heads, -1).transpose(1, 2) for x in (q, k, v))
    kept = None if mask is None else mask[:, None, None]
    return scaled_dot_product_attention(q, k, v, attn_mask=kept).transpose(1, 2).flatten(2)


class Attention(nn.Module):
    """Every token attends to those that the mask keeps."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(n, tokens, width) and (n, tokens) bool to (n, tokens, width)."""
        q, k, v = self.query(x), self.key(x), self.value(x)
        found: Tensor = self.out(attended(q, k, v, heads=self.heads, mask=mask))
        return found


class Block(nn.Module):
    """One layer of a transformer with a mask, norms first."""

    def __init__(self, width: int, heads: int, mlp: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attention = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        # Flax, whose layers these are, takes the tanh form where nothing else is asked for.
        activation = nn.GELU(approximate="tanh")
        self.mlp = nn.Sequential(nn.Linear(width, mlp), activation, nn.Linear(mlp, width))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(n, tokens, width) and (n, tokens) bool to (n, tokens, width)."""
        x = x + self.attention(self.norm1(x), mask)
        added: Tensor = self.mlp(self.norm2(x))
        return x + added


class NonLocal(nn.Module):
    """Attention between the positions of a map (Wang et al. 2018), (B, C, P) to the same.

    Off at first: `gamma` is 0.

    Args:
        channels: of the map.
        narrow: of queries and keys.
    """

    def __init__(self, channels: int, narrow: int) -> None:
        super().__init__()
        self.query = nn.Conv1d(channels, narrow, 1)
        self.key = nn.Conv1d(channels, narrow, 1)
        self.value = nn.Conv1d(channels, channels, 1)
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, maps: Tensor) -> Tensor:
        """Adds to every position what the others hold; products aren't scaled."""
        q, k, v = (part(maps).transpose(1, 2) for part in (self.query, self.key, self.value))
        mixed = scaled_dot_product_attention(q, k, v, scale=1.0)
        return maps + self.gamma * mixed.transpose(1, 2)
