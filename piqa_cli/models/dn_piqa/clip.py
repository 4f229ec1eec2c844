"""CLIP's image tower (Radford et al. 2021) by open_clip, in the QuickGELU form."""

from __future__ import annotations

from open_clip.transformer import QuickGELU, VisionTransformer
from torch import nn


def build_visual(
    *, image_size: int, patch_size: int, width: int, layers: int, heads: int, output_dim: int
) -> nn.Module:
    """A CLIP image tower: (B, 3, image_size, image_size) to (B, output_dim); no weights.

    ViT-B/32 is 224, 32, 768, 12, 12, 512. QuickGELU is not optional: with the plain GELU the
    same weights load without complaint and give other features.
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
    )
    return tower
