"""Weights files of Swin transformers, in the layouts of old and new timm."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from piqa_cli.models.blocks.published_file import PublishedFile
from piqa_cli.models.blocks.swin import build_swin
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import Found, State

STAGES = 4
_DERIVABLE = (".relative_position_index", ".attn_mask")  # follow from window and grid alone


def convert_swin(swin: State, file: Path, *, branch: str) -> tuple[State, dict[str, Any]]:
    """One branch of a network, named without its prefix in `file`, to the bundle's names.

    Returns:
        float32 tensors named `<branch>.` and more, and the arguments of `build_swin`.

    Raises:
        PiqaError: tensors are missing, unknown, misshapen or not finite.
    """
    layout = PublishedFile(
        what=f"Swin transformer of the {branch} branch",
        network=lambda sizes: build_swin(**sizes),
        sizes=_sizes,
    )
    return layout.read(Checkpoint(file, modern_names(swin)), prefix=f"{branch}.")


def modern_names(swin: Mapping[str, Tensor]) -> State:
    """A Swin transformer in the names of today's timm, without the buffers that can be derived.

    Until timm 0.8 a stage ended with the patch merging (`layers.0.downsample`); since then the
    next stage begins with it (`layers.1.downsample`). The arithmetic is the same.
    """
    kept = {name: tensor for name, tensor in swin.items() if not name.endswith(_DERIVABLE)}
    if not any(name.startswith("layers.0.downsample.") for name in kept):
        return kept
    return {_moved(name): tensor for name, tensor in kept.items()}


def _moved(name: str) -> str:
    parts = name.split(".")
    if parts[0] == "layers" and parts[2] == "downsample":
        parts[1] = str(int(parts[1]) + 1)
    return ".".join(parts)


def _sizes(found: Found) -> dict[str, Any]:
    """The arguments of `build_swin`."""
    blocks = [f"layers.{stage}.blocks." for stage in range(STAGES)]
    tables = [found.shape(f"{block}0.attn.relative_position_bias_table", 2) for block in blocks]
    return {
        "embed_dim": found.shape("patch_embed.proj.weight", 4)[0],
        "depths": [found.count(block) for block in blocks],
        "num_heads": [heads for _, heads in tables],
        "window_size": (math.isqrt(tables[0][0]) + 1) // 2,
    }
