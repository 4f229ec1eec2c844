"""Weights without meaning for the published size of a network, to measure its speed."""

from __future__ import annotations

import json
import math
from typing import Any

import torch
from torch import Tensor, nn

from piqa_cli.errors import UsageError
from piqa_cli.models.blocks.liqe.prompts import LABELS
from piqa_cli.models.dn_piqa.network import BUNDLE_FORMAT, FULL_SIZES, DnPiqa


def random_weights(
    model: str, sizes: dict[str, Any] | None = None
) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Tensors and metadata of a weights file in the published size, the same at every call.

    Values are scaled so that signals neither vanish nor grow. Scores have no meaning.

    Args:
        model: `dn-piqa` alone, whose speed the documentation states.
        sizes: of smaller networks, for tests.

    Raises:
        UsageError: another model.
    """
    if model != "dn-piqa":
        raise UsageError(f"--random-weights is for dn-piqa, not {model}")
    sizes = sizes or FULL_SIZES
    with torch.device("meta"):
        names = DnPiqa(sizes, LABELS).state_dict()
    generator = torch.Generator().manual_seed(17)
    state = {name: _values(name, tensor.shape, generator) for name, tensor in names.items()}
    state["text"] = nn.functional.normalize(state.pop("liqe.text"), dim=-1)
    state["liqe.text"] = state.pop("text")
    metadata = {
        "format": BUNDLE_FORMAT,
        "preprocessing": "dn-piqa/1",
        "sizes": json.dumps(sizes),
        "labels": json.dumps(LABELS),
    }
    return state, metadata


def _values(name: str, shape: torch.Size, generator: torch.Generator) -> Tensor:
    """Values of one tensor: of mean 0 (gains 1), products of variance 1."""
    owner, last = ("", *name.split("."))[-2:]
    if last == "logit_scale":
        return torch.tensor(math.log(100.0))
    noise = torch.randn(shape, generator=generator)
    if owner.startswith(("norm", "ln_")):
        return 1 + 0.1 * noise if last == "weight" else 0.05 * noise
    if last == "relative_position_bias_table" or last.endswith("embedding"):
        return 0.5 * noise
    if last.endswith("bias"):
        return 0.05 * noise
    if last == "proj":  # (inputs, outputs)
        return noise * shape[0] ** -0.5
    return noise * math.prod(shape[1:]) ** -0.5
