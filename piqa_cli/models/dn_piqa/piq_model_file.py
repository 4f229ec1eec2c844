"""`PIQ_model.pth`: two Swin transformers and the MLP, in the layouts of old and new timm."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import timm
from torch import Tensor

from piqa_cli.models.blocks.liqe.prompts import prompts
from piqa_cli.models.tensors import Shape, State, check_strictly, shape_of, widened

ARCHITECTURE = "swin_base_patch4_window12_384"
MARKER = "quality.0.weight"  # name of a tensor that LIQE's file doesn't have

BRANCHES = {
    "full": "feature_extraction.feature_extraction.",
    "face": "feature_extraction_face.feature_extraction.feature_extraction.",
}
_DERIVABLE = (".relative_position_index", ".attn_mask")  # follow from window and grid alone
_TABLE = "attn.relative_position_bias_table"
_MLP = "quality MLP of DN-PIQA"
_STAGES = 4


def convert_piq_model(state: State, file: Path) -> tuple[State, dict[str, Any]]:
    """Renames the published tensors to the bundle's: `full.`, `face.` and `quality.`.

    Returns:
        float32 tensors and the networks' sizes: `full`, `face`, `hidden`.

    Raises:
        PiqaError: tensors are missing, unknown, misshapen or not finite.
    """
    tensors: State = {}
    sizes: dict[str, Any] = {}
    rest = dict(state)
    for branch, prefix in BRANCHES.items():
        swin = {n.removeprefix(prefix): rest.pop(n) for n in state if n.startswith(prefix)}
        converted, sizes[branch] = convert_swin(swin, file, branch=branch)
        tensors |= converted
    sizes["hidden"] = shape_of(rest, "quality.0.bias", file=file, what=_MLP)[0]
    check_strictly(rest, _mlp_shapes(sizes), file=file, what=_MLP)
    return tensors | widened(rest), sizes


def convert_swin(swin: State, file: Path, *, branch: str) -> tuple[State, dict[str, Any]]:
    """One branch, named without its prefix in `file`, to the bundle's names.

    Returns:
        float32 tensors named `<branch>.` and more, and the arguments of `build_swin`.

    Raises:
        PiqaError: tensors are missing, unknown, misshapen or not finite.
    """
    what = f"Swin transformer of the {branch} branch"
    swin = modern_names(swin)
    sizes = _swin_sizes(swin, file, what)
    check_strictly(swin, _swin_shapes(sizes), file=file, what=what)
    return widened(swin, prefix=f"{branch}."), sizes


def modern_names(swin: Mapping[str, Tensor]) -> State:
    """One branch in the names of today's timm, without the buffers that can be derived.

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


def _swin_sizes(swin: State, file: Path, what: str) -> dict[str, Any]:
    """The arguments that build a Swin transformer of this size, by the shapes of its tensors."""
    tables = [
        shape_of(swin, f"layers.{stage}.blocks.0.{_TABLE}", file=file, what=what)
        for stage in range(_STAGES)
    ]
    blocks = [
        {name.split(".")[3] for name in swin if name.startswith(f"layers.{stage}.blocks.")}
        for stage in range(_STAGES)
    ]
    return {
        "embed_dim": shape_of(swin, "patch_embed.proj.weight", file=file, what=what)[0],
        "depths": [len(names) for names in blocks],
        "num_heads": [heads for _, heads in tables],
        "window_size": (math.isqrt(tables[0][0]) + 1) // 2,
    }


def _swin_shapes(sizes: Mapping[str, Any]) -> dict[str, Shape]:
    """Every tensor of a Swin transformer of this size."""
    swin = timm.create_model(ARCHITECTURE, num_classes=0, weight_init="skip", **sizes)
    return {name: tuple(tensor.shape) for name, tensor in swin.state_dict().items()}


def _mlp_shapes(sizes: Mapping[str, Any]) -> dict[str, Shape]:
    """Tensors of the MLP over both branches' features and LIQE's logits."""
    channels = sizes["full"]["embed_dim"] + sizes["face"]["embed_dim"]
    features = channels * 2 ** (_STAGES - 1) + len(prompts())
    return {
        "quality.0.weight": (sizes["hidden"], features),
        "quality.0.bias": (sizes["hidden"],),
        "quality.3.weight": (1, sizes["hidden"]),
        "quality.3.bias": (1,),
    }
