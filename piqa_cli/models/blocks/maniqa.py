"""Parts of MANIQA (Yang et al. 2022), the body of several networks; tensors have its names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor, nn
from torch.nn.functional import relu, scaled_dot_product_attention

from piqa_cli.models.blocks.attention import as_maps, as_tokens
from piqa_cli.models.blocks.vit import block_maps, build_vit
from piqa_cli.models.blocks.windows import WindowBlock
from piqa_cli.models.precision import full_precision


class ChannelAttention(nn.Module):
    """Transposed attention: channels are tokens, (B, C, P) to it."""

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


class SwinStage(nn.Module):
    """Blocks, then a 3 x 3 convolution with ReLU; (B, P, width) to the same."""

    def __init__(self, width: int, *, depth: int, **block: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1)
        self.blocks = nn.ModuleList(
            WindowBlock(width, shifted=index % 2 == 1, **block) for index in range(depth)
        )

    def forward(self, tokens: Tensor) -> Tensor:
        """Runs the stage."""
        for block in self.blocks:
            tokens = block(tokens)
        return as_tokens(relu(self.conv(as_maps(tokens))))


class Swin(nn.Module):
    """Stages at one resolution, each with a residual; (B, width, S, S) to the same.

    Args:
        width: channels.
        grid: S, which the window divides.
        sizes: `window`, `hidden` (width inside the MLPs), `depths` and `heads` of the stages.
    """

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


class Body(nn.Module):
    """Maps of a vision transformer, twice attended, narrowed and mixed in windows.

    Args:
        vit: see `build_vit`.
        blocks: those whose maps are read, from 0 on.
        attentions: channel attentions before either Swin.
        swin: sizes, see `Swin`.
    """

    def __init__(
        self,
        vit: Mapping[str, int],
        blocks: Sequence[int],
        attentions: int,
        swin: Mapping[str, Any],
    ) -> None:
        super().__init__()
        grid, width = vit["side_px"] // vit["patch_px"], vit["width"]
        self.blocks = blocks
        self.vit = build_vit(**vit)
        self.tablock1 = nn.ModuleList(ChannelAttention(grid**2) for _ in range(attentions))
        self.conv1 = nn.Conv2d(len(blocks) * width, width, 1)
        self.swintransformer1 = Swin(width, grid=grid, sizes=swin)
        self.tablock2 = nn.ModuleList(ChannelAttention(grid**2) for _ in range(attentions))
        self.conv2 = nn.Conv2d(width, width // 2, 1)
        self.swintransformer2 = Swin(width // 2, grid=grid, sizes=swin)

    def maps(self, pictures: Tensor) -> Tensor:
        """Normalised (B, 3, side, side) to (B, width / 2, S, S)."""
        maps = block_maps(self.vit, pictures, self.blocks).flatten(1, 2)
        maps = self.swintransformer1(self.conv1(_attended(self.tablock1, maps)))
        found: Tensor = self.swintransformer2(self.conv2(_attended(self.tablock2, maps)))
        return found


def _attended(attentions: nn.ModuleList, maps: Tensor) -> Tensor:
    channels = maps.flatten(2)
    for attention in attentions:
        channels = attention(channels)
    return as_maps(channels.transpose(1, 2))


def head(width: int, results: int, end: nn.Module) -> nn.Sequential:
    """(..., width) to (..., results); the hidden layer is as wide as the input."""
    hidden = (nn.Linear(width, width), nn.ReLU(), nn.Dropout(0.1))
    return nn.Sequential(*hidden, nn.Linear(width, results), end)


def weighted_mean(tokens: Tensor, score: nn.Module, weight: nn.Module) -> Tensor:
    """(B, P, width) to (B,): the tokens' scores by their weights, in full precision."""
    with full_precision(tokens):
        tokens = tokens.float()
        scores, weights = score(tokens)[..., 0], weight(tokens)[..., 0]
        return (scores * weights).sum(dim=1) / weights.sum(dim=1)
