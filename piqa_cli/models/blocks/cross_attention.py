"""Decoder blocks whose queries are other tokens than those that they change."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from piqa_cli.models.blocks.attention import as_maps, as_tokens, attended


class CrossAttention(nn.Module):
    """Attention to the tokens of a map by a few queries, spread over its places."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q = nn.Linear(width, width)
        self.kv = nn.Linear(width, 2 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, tokens: Tensor, asking: Tensor) -> Tensor:
        """(B, P, width) and (B, T, width) to (B, P, width); place p has the query p * T // P."""
        places, queries = tokens.shape[1], asking.shape[1]
        nearest = torch.arange(places, device=tokens.device) * queries // places
        k, v = self.kv(tokens).chunk(2, dim=-1)
        q = self.q(asking)[:, nearest]
        result: Tensor = self.proj(attended(q, k, v, heads=self.heads))
        return result


class PlacedMlp(nn.Module):
    """Two layers with GELU, a depth-wise 3 x 3 convolution before it; (B, P, width) to the same."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        # in published files its tensors are `dwconv.dwconv.`
        self.dwconv = nn.ModuleDict({"dwconv": nn.Conv2d(hidden, hidden, 3, 1, 1, groups=hidden)})
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, tokens: Tensor) -> Tensor:
        """See the class."""
        hidden = as_tokens(self.dwconv["dwconv"](as_maps(self.fc1(tokens))))
        result: Tensor = self.fc2(nn.functional.gelu(hidden))
        return result


class DecoderBlock(nn.Module):
    """Cross-attention and MLP, norms first."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        norm = partial(nn.LayerNorm, eps=1e-6)
        self.norm1 = norm(width)
        self.attn = CrossAttention(width, heads)
        self.norm2 = norm(width)
        self.mlp = PlacedMlp(width, hidden)

    def forward(self, tokens: Tensor, asking: Tensor) -> Tensor:
        """(B, P, width) and (B, T, width) to (B, P, width)."""
        tokens = tokens + self.attn(self.norm1(tokens), asking)
        result: Tensor = tokens + self.mlp(self.norm2(tokens))
        return result
