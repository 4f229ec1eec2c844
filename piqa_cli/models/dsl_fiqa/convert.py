"""`DE.pt` and `IQA.pt`: checked strictly, and stripped of what no score hangs on.

The authors load them with `strict=False`, so that a file of another model goes unnoticed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from piqa_cli.models.blocks.published_file import PublishedFile, check_files
from piqa_cli.models.dsl_fiqa.network import (
    BLOCKS,
    BUNDLE_FORMAT,
    FREQUENCIES,
    DegradationEncoder,
    FaceQuality,
)
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import Found, State

MARKS = {"DSL-FIQA's DE.pt": "E.0.weight", "DSL-FIQA's IQA.pt": "conv_decoder.weight"}
HEAD_WIDTH = 64  # of the ViT


def convert(checkpoints: Sequence[Checkpoint]) -> tuple[State, dict[str, str]]:
    """Checks `DE.pt` and `IQA.pt`, and renames their tensors to `de.` and `iqa.`.

    Returns:
        Tensors and metadata (`format`, `sizes`) as `network.build` takes them.

    Raises:
        PiqaError: a file is damaged or not what it should be.
    """
    check_files(checkpoints, MARKS, model="dsl-fiqa")
    encoder, body = checkpoints
    degradation, channels = _ENCODER.read(encoder, prefix="de.")
    quality, sizes = _body(channels).read(body, prefix="iqa.")
    metadata = {"format": BUNDLE_FORMAT, "sizes": json.dumps(sizes, sort_keys=True)}
    return degradation | quality, metadata


_ENCODER = PublishedFile(
    what="degradation encoder of DSL-FIQA",
    network=lambda sizes: DegradationEncoder(sizes["encoder"]),
    sizes=lambda found: {"encoder": [found.shape(f"E.{n}.bias", 1)[0] for n in (0, 6, 12)]},
    left_out=r"mlp\.",  # its head, which only its own training used
)


def _body(channels: dict[str, Any]) -> PublishedFile:
    """Layout of `IQA.pt`; the channels of the degradation are known by `DE.pt`."""
    return PublishedFile(
        what="face quality network of DSL-FIQA",
        network=FaceQuality,
        sizes=lambda found: _sizes(found) | channels,
        left_out=r"vit\.(?:norm|head|blocks\.1[01])\."  # after the last block that is read
        r"|testmlp\.|swintransformer[12]\.downsample\.|decoder\.\d+\.attn\.task_query"  # never run
        r"|swintransformer[12]\..*(?:relative_position_index|attn_mask)$",  # follow from the sizes
    )


def _sizes(found: Found) -> dict[str, Any]:
    """The sizes of the body, as `FULL_SIZE`."""
    width, _, _, patch = found.shape("vit.patch_embed.proj.weight", 4)
    grid = math.isqrt(max(1, found.shape("vit.pos_embed", 3)[1] - 1))
    stages = max(1, found.count("swintransformer1.layers."))
    blocks = [f"swintransformer1.layers.{stage}.blocks." for stage in range(stages)]
    tables = [found.shape(f"{block}0.attn.relative_position_bias_table", 2) for block in blocks]
    return {
        "vit": {
            "side_px": grid * patch,
            "patch_px": patch,
            "width": width,
            "depth": max(BLOCKS) + 1,
            "heads": max(1, width // HEAD_WIDTH),
        },
        "swin": {
            "window": (math.isqrt(tables[0][0]) + 1) // 2,
            "depths": [found.count(block) for block in blocks],
            "heads": [heads for _, heads in tables],
            "hidden": found.shape(f"{blocks[0]}0.mlp.fc1.bias", 1)[0],
        },
        "channel_attentions": found.count("tablock1."),
        "decoder": {
            "depth": found.count("decoder."),
            "hidden": found.shape("decoder.0.mlp.fc1.bias", 1)[0],
        },
        "points": found.shape("embed_mlp.0.bias", 1)[0] // (1 + 2 * FREQUENCIES),
    }
