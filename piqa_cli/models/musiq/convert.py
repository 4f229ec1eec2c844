"""A published file of MUSIQ becomes one weights file: renamed one to one, and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from piqa_cli.errors import PiqaError
from piqa_cli.models.musiq.network import BUNDLE_FORMAT, Musiq
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import State, check_strictly, shape_of, widened

OUTPUTS = (1, 10)  # a mean opinion; or, of AVA, shares of the opinions 1..10
_HEAD_WIDTH = 64  # channels of an attention head; no tensor shows them
_WHAT = "network of MUSIQ"
_RENAMED = (
    (r"transformer_encoder\.(?:posembed_input\.|scaleembed_input\.)?", ""),
    (r"transformer\.encoderblock_", "blocks."),
    (r"(blocks\.\d+\.mlp)\.fc1", r"\1.0"),
    (r"(blocks\.\d+\.mlp)\.fc2", r"\1.2"),
    (r"head\.0\.", "head."),  # files with ten outputs
)
"""Beginnings of names in a published file, and ours, applied in this order."""


def convert(checkpoints: Sequence[Checkpoint]) -> tuple[State, dict[str, str]]:
    """Checks and converts one `musiq_*_ckpt` file, of KonIQ-10k, SPAQ, PaQ-2-PiQ or AVA.

    Only AVA's can be told by its tensors, so the metadata `variant` keeps the file's name.

    Returns:
        Tensors and metadata (`format`, `sizes`, `variant`) as `network.build` takes them.

    Raises:
        PiqaError: the file is damaged or not what it should be.
    """
    (given,) = checkpoints
    if "conv_root.weight" not in given.state:
        raise PiqaError(f"{given.file}: no file of MUSIQ: lacks conv_root.weight")
    state = {_our_name(name): tensor for name, tensor in given.state.items()}
    sizes = _sizes(state, given.file)
    with torch.device("meta"):
        expected = {name: tuple(t.shape) for name, t in Musiq(sizes).state_dict().items()}
    check_strictly(state, expected, file=given.file, what=_WHAT)
    metadata = {
        "format": BUNDLE_FORMAT,
        "sizes": json.dumps(sizes, sort_keys=True),
        "variant": given.file.name,
    }
    return widened(state), metadata


def _our_name(name: str) -> str:
    for theirs, ours in _RENAMED:
        name = re.sub(f"^{theirs}", ours, name)
    return name


def _sizes(state: Mapping[str, Any], file: Path) -> dict[str, Any]:
    """The arguments of the network, by the shapes of its tensors.

    Raises:
        PiqaError: a tensor is missing, or the file predicts something else than quality.
    """
    outputs, width = shape_of(state, "head.weight", file=file, what=_WHAT)
    if outputs not in OUTPUTS:
        raise PiqaError(
            f"{file}: predicts {outputs} classes, no quality: it is the start of MUSIQ's training. "
            "Import musiq_koniq_ckpt, musiq_spaq_ckpt, musiq_paq2piq_ckpt or musiq_ava_ckpt"
        )
    return {
        "stem": shape_of(state, "conv_root.weight", file=file, what=_WHAT)[0],
        "width": width,
        "heads": max(1, width // _HEAD_WIDTH),
        "layers": len({name.split(".")[1] for name in state if name.startswith("blocks.")}),
        "mlp": shape_of(state, "blocks.0.mlp.0.weight", file=file, what=_WHAT)[0],
        "outputs": outputs,
    }
