"""Pixels to MoNet's one input. numpy and Pillow only."""

from __future__ import annotations

from piqa_cli.models.blocks.crops import Filter, Pixels, stretched
from piqa_cli.models.view_types import Views


def monet_views(image: Pixels, side_px: int) -> Views:
    """The whole photo at a fixed size; its aspect is not kept.

    The survey states 384 x 384 px and no way to them. The same authors' code for PromptIQA
    stretches the whole photo by a bicubic filter, and so is it done here: framing and light stay
    those of the photo. Unlike theirs the filter is antialiased: a phone's photo shrinks tenfold.

    Args:
        image: (H, W, 3) uint8 sRGB.
        side_px: side of the network's input.

    Returns:
        `photo` (1, side_px, side_px, 3) uint8.
    """
    return {"photo": stretched(image, width=side_px, height=side_px, by=Filter.BICUBIC)[None]}
