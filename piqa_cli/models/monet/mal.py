"""Multi-view attention learning (MAL): one opinion on the maps of a vision transformer."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from piqa_cli.models.blocks.attention import NonLocal

DROPOUT = 0.1  # of both attention branches
NON_LOCAL_RATIO = 8  # channels of queries and keys: an eighth of the map's


class TokenAttention(nn.Module):
    """Attention with one head and a residual, (B, tokens, width) to the same."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, tokens: Tensor) -> Tensor:
        """Products are scaled by 1 / sqrt(width)."""
        q, k, v = self.query(tokens), self.key(tokens), self.value(tokens)
        return tokens + self.dropout(scaled_dot_product_attention(q, k, v))


class Mal(nn.Module):
    """Weighs maps against one another, by channels and by positions.

    The authors' later PromptIQA transposes one branch's result without turning it back and deals
    the maps out in another order; both are slips that no published weights of MoNet hang on, so
    neither is repeated here.

    Args:
        maps: number of maps (n).
        channels: of each (C).
        positions: of each (P).
    """

    def __init__(self, *, maps: int, channels: int, positions: int) -> None:
        super().__init__()
        self.non_local = nn.ModuleList(
            NonLocal(channels, channels // NON_LOCAL_RATIO) for _ in range(maps)
        )
        self.by_channel = TokenAttention(maps * channels)
        self.by_position = TokenAttention(maps * positions)

    def forward(self, maps: Tensor) -> Tensor:
        """(B, n, C, P) to (B, C, P)."""
        weighed = [block(maps[:, index]) for index, block in enumerate(self.non_local)]
        stacked = torch.stack(weighed, dim=1)
        batch, count, channels, positions = stacked.shape
        tokens = stacked.permute(0, 3, 1, 2).reshape(batch, positions, count * channels)
        by_channel = self.by_channel(tokens).reshape(batch, positions, count, channels)
        tokens = stacked.permute(0, 2, 1, 3).reshape(batch, channels, count * positions)
        by_position = self.by_position(tokens).reshape(batch, channels, count, positions)
        both: Tensor = (by_channel.permute(0, 2, 3, 1) + by_position.transpose(1, 2)) / 2
        return both.mean(dim=1)
