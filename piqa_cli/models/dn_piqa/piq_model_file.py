"""`PIQ_model.pth`: two Swin transformers and the MLP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import nn

from piqa_cli.models.blocks.liqe.prompts import prompts
from piqa_cli.models.blocks.published_file import PublishedFile
from piqa_cli.models.blocks.swin_file import convert_swin
from piqa_cli.models.dn_piqa.network import quality_mlp
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import State

MARKER = "quality.0.weight"  # name of a tensor that LIQE's file doesn't have

BRANCHES = {
    "full": "feature_extraction.feature_extraction.",
    "face": "feature_extraction_face.feature_extraction.feature_extraction.",
}


def convert_piq_model(state: State, file: Path) -> tuple[State, dict[str, Any]]:
    """Renames the published tensors to the bundle's: `full.`, `face.` and `quality.`.

    Returns:
        float32 tensors and the networks' sizes: `full`, `face`, `prompts`, `hidden`.

    Raises:
        PiqaError: tensors are missing, unknown, misshapen or not finite.
    """
    tensors: State = {}
    branches: dict[str, Any] = {}
    rest = dict(state)
    for branch, prefix in BRANCHES.items():
        swin = {n.removeprefix(prefix): rest.pop(n) for n in state if n.startswith(prefix)}
        converted, branches[branch] = convert_swin(swin, file, branch=branch)
        tensors |= converted
    mlp = PublishedFile(
        what="quality MLP of DN-PIQA",
        network=lambda sizes: nn.ModuleDict({"quality": quality_mlp(sizes)}),
        sizes=lambda found: {
            **branches,
            "prompts": len(prompts()),
            "hidden": found.shape("quality.0.bias", 1)[0],
        },
    )
    quality, sizes = mlp.read(Checkpoint(file, rest))
    return tensors | quality, sizes
