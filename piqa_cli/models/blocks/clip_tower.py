"""CLIP's image tower (Radford et al. 2021) by open_clip, in the QuickGELU form.

QuickGELU is not optional: with the plain GELU the same weights load without complaint and give
other features. Towers take normalised (B, 3, side, side) float pixels.
"""

from __future__ import annotations

from typing import Any

import torch
from open_clip.transformer import QuickGELU, VisionTransformer
from torch import Tensor, nn

from piqa_cli.models.tensors import Found

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
IMAGE_SIDE_PX = 224
HEAD_WIDTH = 64
VIT_B_32: dict[str, Any] = {
    "image_size": IMAGE_SIDE_PX,
    "patch_size": 32,
    "width": 768,
    "layers": 12,
    "heads": 12,
    "output_dim": 512,
}
"""Sizes of CLIP's ViT-B/32, as `build_visual` takes them."""
VIT_B_16 = VIT_B_32 | {"patch_size": 16}


def build_visual(
    *,
    image_size: int,
    patch_size: int,
    width: int,
    layers: int,
    heads: int,
    output_dim: int,
    tokens: bool = False,
) -> nn.Module:
    """A CLIP image tower, such as `VIT_B_32`; no weights.

    Args:
        image_size: side of its input.
        patch_size: side of a patch.
        width: of a token.
        layers: number of transformer blocks.
        heads: of attention.
        output_dim: width of the feature.
        tokens: return patch tokens, too.

    Returns:
        A module of (B, 3, image_size, image_size) to the projected class token (B, output_dim);
        with `tokens` also to the patch tokens after the last norm, (B, patches, width).
    """
    tower: nn.Module = VisionTransformer(
        image_size=image_size,
        patch_size=patch_size,
        width=width,
        layers=layers,
        heads=heads,
        mlp_ratio=4.0,
        output_dim=output_dim,
        act_layer=QuickGELU,
        output_tokens=tokens,
    )
    return tower


def visual_sizes(found: Found) -> dict[str, Any]:
    """The arguments that build the image tower of a CLIP, by the shapes of its `visual.` tensors.

    Raises:
        PiqaError: tensors are missing.
    """
    width, _, _, patch = found.shape("visual.conv1.weight", 4)
    return {
        "image_size": IMAGE_SIDE_PX,
        "patch_size": patch,
        "width": width,
        "layers": found.count("visual.transformer.resblocks."),
        "heads": width // HEAD_WIDTH,
        "output_dim": found.shape("visual.proj", 2)[1],
    }


class ClipBlocks(nn.Module):
    """The first blocks of a CLIP image tower; its tensors have the names of the whole tower's.

    Args:
        layers: number of blocks; the other arguments are those of `build_visual`.
    """

    class_embedding: nn.Parameter
    positional_embedding: nn.Parameter
    conv1: nn.Module
    ln_pre: nn.Module
    transformer: Any

    def __init__(
        self, *, image_size: int, patch_size: int, width: int, layers: int, heads: int
    ) -> None:
        super().__init__()
        tower: Any = build_visual(
            image_size=image_size,
            patch_size=patch_size,
            width=width,
            layers=layers,
            heads=heads,
            output_dim=1,
        )
        self.class_embedding = tower.class_embedding
        self.positional_embedding = tower.positional_embedding
        self.conv1 = tower.conv1
        self.ln_pre = tower.ln_pre
        self.transformer = tower.transformer

    def forward(self, pixels: Tensor) -> list[Tensor]:
        """(B, 3, side, side) to each block's map (B, width, rows, columns); no class token."""
        patches: Tensor = self.conv1(pixels)
        tokens = patches.flatten(2).transpose(1, 2)
        first = self.class_embedding.to(tokens.dtype).expand(len(tokens), 1, -1)
        x = torch.cat([first, tokens], dim=1) + self.positional_embedding.to(tokens.dtype)
        x = self.ln_pre(x)
        maps = []
        for block in self.transformer.resblocks:
            x = block(x)
            maps.append(x[:, 1:].transpose(1, 2).reshape(patches.shape))
        return maps

    def freeze(self, blocks: int) -> None:
        """Stops the training of the embeddings and the first blocks."""
        for parameter in (self.class_embedding, self.positional_embedding):
            parameter.requires_grad_(False)
        for part in (self.conv1, self.ln_pre, *self.transformer.resblocks[:blocks]):
            part.requires_grad_(False)
