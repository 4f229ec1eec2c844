"""The authors' two checkpoints become one weights file: checked, text towers left out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import torch

from piqa_cli.errors import PiqaError
from piqa_cli.models.blocks.clip_tower import visual_sizes
from piqa_cli.models.blocks.published_file import PublishedFile
from piqa_cli.models.rq_net.network import BUNDLE_FORMAT, Member
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import Found, State


def convert(checkpoints: Sequence[Checkpoint]) -> tuple[State, dict[str, str]]:
    """Checks and converts both checkpoints of the ensemble.

    Returns:
        Tensors and metadata (`format`, `sizes`) as `network.build` takes them.

    Raises:
        PiqaError: a file is damaged or not what it should be, or both hold the same network.
    """
    (first, sizes), (second, others) = (_FILE.read(given) for given in checkpoints)
    files = " and ".join(str(given.file) for given in checkpoints)
    if sizes != others:
        raise PiqaError(f"{files}: {_FILE.what}: networks of different sizes")
    if all(torch.equal(tensor, second[name]) for name, tensor in first.items()):
        raise PiqaError(
            f"{files} hold the same network: give both of the authors' files, whose scores are "
            "averaged"
        )
    members = {
        f"members.{index}.{name}": tensor
        for index, member in enumerate((first, second))
        for name, tensor in member.items()
    }
    return members, {"format": BUNDLE_FORMAT, "sizes": json.dumps(sizes, sort_keys=True)}


def _sizes(found: Found) -> dict[str, Any]:
    """Sizes of the image tower, and the vectors that the head makes of its tokens."""
    regions = found.shape("head.local_proj.0.weight", 3)[0]
    return {"visual": visual_sizes(found), "regions": regions}


_FILE = PublishedFile(
    what="RQ-Net",
    network=Member,
    sizes=_sizes,
    names=((r"clip_model\.", ""),),
    left_out=r"clip_model\.(?:"  # parts of CLIP that rate no picture
    r"transformer\.|token_embedding\.|positional_embedding|text_projection|ln_final\.|logit_scale)",
)
