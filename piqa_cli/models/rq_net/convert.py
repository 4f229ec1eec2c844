"""The authors' two checkpoints become one weights file: checked, text towers left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from piqa_cli.errors import PiqaError
from piqa_cli.models.blocks.clip_tower import visual_sizes
from piqa_cli.models.rq_net.network import BUNDLE_FORMAT, Member
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import State, check_strictly, shape_of, widened

CLIP = "clip_model."
TEXT_TOWER = (  # parts of CLIP that rate no picture
    "transformer.",
    "token_embedding.",
    "positional_embedding",
    "text_projection",
    "ln_final.",
    "logit_scale",
)
_WHAT = "RQ-Net"


def convert(checkpoints: Sequence[Checkpoint]) -> tuple[State, dict[str, str]]:
    """Checks and converts both checkpoints of the ensemble.

    Returns:
        Tensors and metadata (`format`, `sizes`) as `network.build` takes them.

    Raises:
        PiqaError: a file is damaged or not what it should be, or both hold the same network.
    """
    members = [_member(checkpoint) for checkpoint in checkpoints]
    sizes = [_sizes(member, given) for member, given in zip(members, checkpoints, strict=True)]
    _check_pair(members, sizes, checkpoints)
    tensors: State = {}
    for index, member in enumerate(members):
        tensors |= widened(member, prefix=f"members.{index}.")
    return tensors, {"format": BUNDLE_FORMAT, "sizes": json.dumps(sizes[0], sort_keys=True)}


def _member(given: Checkpoint) -> State:
    """One network in the names of `network.Member`, without its text tower."""
    names = {name: name.removeprefix(CLIP) for name in given.state}
    return {
        short: given.state[name]
        for name, short in names.items()
        if not (name.startswith(CLIP) and short.startswith(TEXT_TOWER))
    }


def _sizes(member: State, given: Checkpoint) -> dict[str, Any]:
    """Sizes of one network, after a check of all its tensors."""
    first = shape_of(member, "head.local_proj.0.weight", file=given.file, what=_WHAT)
    visual = visual_sizes(member, file=given.file, what=_WHAT)
    sizes = {"visual": visual, "regions": first[0]}
    check_strictly(member, _shapes(sizes), file=given.file, what=_WHAT)
    return sizes


def _shapes(sizes: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    with torch.device("meta"):
        state = Member(sizes).state_dict()
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def _check_pair(
    members: Sequence[State], sizes: Sequence[dict[str, Any]], checkpoints: Sequence[Checkpoint]
) -> None:
    first, second = (checkpoint.file for checkpoint in checkpoints)
    if sizes[0] != sizes[1]:
        raise PiqaError(f"{first} and {second}: {_WHAT}: networks of different sizes")
    if all(torch.equal(tensor, members[1][name]) for name, tensor in members[0].items()):
        raise PiqaError(
            f"{first} and {second} hold the same network: give both of the authors' files, "
            "whose scores are averaged"
        )
