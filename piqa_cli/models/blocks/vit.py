"""Vision transformers (Dosovitskiy et al. 2021) by timm, read after chosen blocks."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from timm.models.vision_transformer import VisionTransformer
from torch import Tensor, nn


def build_vit(
    *, side_px: int, patch_px: int, width: int, depth: int, heads: int
) -> VisionTransformer:
    """A vision transformer of `depth` blocks, without last norm and classifier; no weights.

    ViT-B/16 at 384 px is 384, 16, 768, 12, 12. Names of tensors are timm's.
    """
    vit = VisionTransformer(
        img_size=side_px,
        patch_size=patch_px,
        embed_dim=width,
        depth=depth,
        num_heads=heads,
        num_classes=0,
    )
    vit.norm = nn.Identity()
    return vit


def block_maps(vit: VisionTransformer, pictures: Tensor, blocks: Sequence[int]) -> Tensor:
    """Maps of patch tokens after some of the blocks; the class token is dropped.

    Args:
        vit: of `build_vit`.
        pictures: (B, 3, side_px, side_px), normalised.
        blocks: their indices, from 0 on, ascending.

    Returns:
        (B, blocks, width, S, S); S = side_px / patch_px.
    """
    maps = vit.forward_intermediates(
        pictures,
        indices=list(blocks),
        norm=False,
        stop_early=True,
        output_fmt="NCHW",
        intermediates_only=True,
    )
    return torch.stack(maps, dim=1)
