"""`DE.pt` and `IQA.pt`: checked to the last tensor, and stripped of what no score hangs on.

The authors load them with `strict=False`, so that a file of another model goes unnoticed.
"""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch

from piqa_cli.errors import PiqaError
from piqa_cli.models.dsl_fiqa.network import BLOCKS, BUNDLE_FORMAT, FREQUENCIES, DslFiqa
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import Shape, State, check_strictly, shape_of, widened

HEAD_WIDTH = 64  # of the ViT
VIT_BLOCKS = 12  # in the file; the last two aren't read
ENCODER_MARKER, BODY_MARKER = "E.0.weight", "conv_decoder.weight"
_ENCODER, _BODY = "degradation encoder of DSL-FIQA", "face quality network of DSL-FIQA"


def convert(checkpoints: Sequence[Checkpoint]) -> tuple[State, dict[str, str]]:
    """Checks `DE.pt` and `IQA.pt`, and renames their tensors to `de.` and `iqa.`.

    Returns:
        Tensors and metadata (`format`, `sizes`) as `network.build` takes them.

    Raises:
        PiqaError: a file is damaged or not what it should be.
    """
    encoder, body = checkpoints
    _check_kinds(encoder, body)
    sizes = _sizes(encoder, body)
    ours = _shapes(sizes, body.file)
    check_strictly(
        encoder.state, ours["de."] | _encoder_mlp(ours["de."]), file=encoder.file, what=_ENCODER
    )
    unused = _unused(ours["iqa."], body.state)
    check_strictly(body.state, ours["iqa."] | unused, file=body.file, what=_BODY)
    tensors: State = {}
    for prefix, checkpoint in (("de.", encoder), ("iqa.", body)):
        tensors |= widened({name: checkpoint.state[name] for name in ours[prefix]}, prefix=prefix)
    return tensors, {"format": BUNDLE_FORMAT, "sizes": json.dumps(sizes, sort_keys=True)}


def _shapes(sizes: dict[str, Any], file: Path) -> dict[str, dict[str, Shape]]:
    """Shapes of our tensors, by the prefix of either part and their names without it.

    Raises:
        PiqaError: no network has these sizes.
    """
    try:
        with torch.device("meta"):
            state = DslFiqa(sizes).state_dict()
    except (RuntimeError, ValueError, ZeroDivisionError, AssertionError) as error:
        raise PiqaError(f"{file}: {_BODY}: no network has its sizes: {error}") from None
    return {
        prefix: {
            n.removeprefix(prefix): tuple(t.shape) for n, t in state.items() if n.startswith(prefix)
        }
        for prefix in ("de.", "iqa.")
    }


def _check_kinds(encoder: Checkpoint, body: Checkpoint) -> None:
    """Recognises swapped or foreign files by one tensor name each.

    Raises:
        PiqaError: a file isn't what it was given as.
    """
    if BODY_MARKER in encoder.state and ENCODER_MARKER in body.state:
        files = [str(body.file), str(encoder.file)]
        right = shlex.join(["piqa-cli", "weights", "import", "dsl-fiqa", *files])
        raise PiqaError(f"{encoder.file} is IQA.pt and {body.file} is DE.pt: swap them: `{right}`")
    for checkpoint, marker, name in (
        (encoder, ENCODER_MARKER, "DE.pt"),
        (body, BODY_MARKER, "IQA.pt"),
    ):
        if marker not in checkpoint.state:
            raise PiqaError(f"{checkpoint.file}: not DSL-FIQA's {name}: lacks {marker}")


def _sizes(encoder: Checkpoint, body: Checkpoint) -> dict[str, Any]:
    """The sizes that build the network, by the shapes of tensors."""
    state = body.state
    shape = partial(_shape, body, _BODY)
    width, _, _, patch = shape("vit.patch_embed.proj.weight", axes=4)
    grid = math.isqrt(max(1, shape("vit.pos_embed", axes=3)[1] - 1))
    stages = _count(state, "swintransformer1.layers.")
    block = "swintransformer1.layers.{}.blocks."
    tables = [
        shape(block.format(stage) + "0.attn.relative_position_bias_table", axes=2)
        for stage in range(max(1, stages))
    ]
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
            "depths": [_count(state, block.format(stage)) for stage in range(stages)],
            "heads": [heads for _, heads in tables],
            "hidden": shape("swintransformer1.layers.0.blocks.0.mlp.fc1.bias", axes=1)[0],
        },
        "channel_attentions": _count(state, "tablock1."),
        "encoder": [
            _shape(encoder, _ENCODER, f"E.{layer}.bias", axes=1)[0] for layer in (0, 6, 12)
        ],
        "decoder": {
            "depth": _count(state, "decoder."),
            "hidden": shape("decoder.0.mlp.fc1.bias", axes=1)[0],
        },
        "points": shape("embed_mlp.0.bias", axes=1)[0] // (1 + 2 * FREQUENCIES),
    }


def _shape(checkpoint: Checkpoint, what: str, name: str, *, axes: int) -> Shape:
    found = shape_of(checkpoint.state, name, file=checkpoint.file, what=what)
    if len(found) != axes:
        raise PiqaError(f"{checkpoint.file}: {what}: {name} has {len(found)} axes, not {axes}")
    return found


def _count(state: State, prefix: str) -> int:
    """Number of numbered parts below a prefix."""
    return len({n.removeprefix(prefix).split(".")[0] for n in state if n.startswith(prefix)})


def _encoder_mlp(ours: dict[str, Shape]) -> dict[str, Shape]:
    """The head of the degradation encoder, which only its own training used."""
    width = ours["E.15.bias"][0]
    return {
        f"mlp.{layer}.{part}": (width,) * axes
        for layer in (0, 2)
        for part, axes in (("weight", 2), ("bias", 1))
    }


def _unused(ours: dict[str, Shape], state: State) -> dict[str, Shape]:
    """Tensors of IQA.pt that no score hangs on: parts never run, and tables that follow."""
    (width,), (narrow,) = ours["vit.patch_embed.proj.bias"], ours["conv_decoder.bias"]
    first = {n.split(".", 3)[3]: s for n, s in ours.items() if n.startswith("vit.blocks.0.")}
    classes = len(state.get("vit.head.bias", ()))
    shapes: dict[str, Shape] = {
        "vit.norm.weight": (width,),
        "vit.norm.bias": (width,),
        "vit.head.weight": (classes, width),
        "vit.head.bias": (classes,),
    }
    for block in range(max(BLOCKS) + 1, VIT_BLOCKS):
        shapes |= {f"vit.blocks.{block}.{name}": shape for name, shape in first.items()}
    for layer in (0, 3):
        shapes |= {f"testmlp.{layer}.weight": (narrow,) * 2, f"testmlp.{layer}.bias": (narrow,)}
    for name in ours:
        if name.endswith(".attn.kv.bias"):
            shapes[name.replace("kv.bias", "task_query")] = (1, 1, narrow)
    for swin, channels in (("swintransformer1", width), ("swintransformer2", width // 2)):
        shapes[f"{swin}.downsample.weight"] = (channels, channels, 3, 3)
        shapes[f"{swin}.downsample.bias"] = (channels,)
    return shapes | _derived(ours)


def _derived(ours: dict[str, Shape]) -> dict[str, Shape]:
    """Tables that follow from grid and window: of relative places, and of shifted windows."""
    places = ours["vit.pos_embed"][1] - 1
    shapes: dict[str, Shape] = {}
    for name, shape in ours.items():
        if name.endswith("relative_position_bias_table"):
            tokens = ((math.isqrt(shape[0]) + 1) // 2) ** 2
            block = name.removesuffix("attn.relative_position_bias_table")
            shapes[f"{block}attn.relative_position_index"] = (tokens, tokens)
            if int(block.split(".")[-2]) % 2:
                shapes[f"{block}attn_mask"] = (places // tokens, tokens, tokens)
    return shapes
