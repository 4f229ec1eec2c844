"""Either published file of HyperIQA becomes one weights file: renamed one to one, and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from piqa_cli.errors import PiqaError
from piqa_cli.models.hyperiqa.network import BUNDLE_FORMAT, SIZES, HyperIqa
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import State, check_strictly, shape_of, widened

Rules = Sequence[tuple[str, str]]

AUTHORS: Rules = (
    (r"res\.lda([1-4])_pool\.0\.", "hyper.local.{0}.reduce."),
    (r"res\.lda([1-4])_fc\.", "hyper.local.{0}.project."),
    (r"res\.", "hyper.backbone."),
    (r"conv1\.", "hyper.features."),
    (r"fc([1-5])w_(?:conv|fc)\.", "hyper.weights.{0}."),
    (r"fc([1-5])b_fc\.", "hyper.biases.{0}."),
)
"""Beginnings of names in the authors' file, and ours; a number counts from 1 there, from 0 here."""

REIMPLEMENTATION: Rules = (
    (r"lda_modules\.([0-2])\.0\.", "hyper.local.{0}.reduce."),
    (r"lda_modules\.([0-3])\.[23]\.", "hyper.local.{0}.project."),
    (r"base_model\.", "hyper.backbone."),
    (r"conv1\.", "hyper.features."),
    (r"fc_w_modules\.([0-4])\.(?:2\.)?", "hyper.weights.{0}."),
    (r"fc_b_modules\.([0-4])\.(?:2\.)?", "hyper.biases.{0}."),
)
"""The same in the file of the re-implementation, which counts from 0."""

_WHAT = "network of HyperIQA"
_COUNTER = "num_batches_tracked"  # only training reads it, and old files lack it


def convert(checkpoints: Sequence[Checkpoint]) -> tuple[State, dict[str, str]]:
    """Checks and converts `koniq_pretrained.pkl`, or the re-implementation's file.

    The layout states how pictures were cut in training, so it decides how they are cut for
    scoring: metadata `cutting`, see `views.CUTTINGS`.

    Returns:
        Tensors and metadata (`format`, `sizes`, `cutting`) as `network.build` takes them.

    Raises:
        PiqaError: the file is damaged or not what it should be.
    """
    (given,) = checkpoints
    if "res.conv1.weight" in given.state:
        rules, first, cutting = AUTHORS, 1, "stretched"
    elif "base_model.conv1.weight" in given.state:
        rules, first, cutting = REIMPLEMENTATION, 0, "grid"
    else:
        raise PiqaError(
            f"{given.file}: no file of HyperIQA: lacks res.conv1.weight (the authors') and "
            "base_model.conv1.weight (the re-implementation's)"
        )
    kept = {name: tensor for name, tensor in given.state.items() if not name.endswith(_COUNTER)}
    state = {_renamed(name, rules, first=first): tensor for name, tensor in kept.items()}
    if len(state) != len(kept):
        raise PiqaError(f"{given.file}: {_WHAT}: several tensors stand for one")
    sizes = _sizes(state, given.file)
    with torch.device("meta"):
        network = HyperIqa(sizes, cutting).state_dict()
    expected = {n: tuple(t.shape) for n, t in network.items() if not n.endswith(_COUNTER)}
    check_strictly(state, expected, file=given.file, what=_WHAT)
    metadata = {"format": BUNDLE_FORMAT, "sizes": json.dumps(sizes), "cutting": cutting}
    return widened(state), metadata


def _renamed(name: str, rules: Rules, *, first: int) -> str:
    """Our name of a tensor; the file's own where no rule fits, which the check then names."""
    for beginning, ours in rules:
        if found := re.match(beginning, name):
            number = (int(found[1]) - first,) if found.lastindex else ()
            return ours.format(*number) + name[found.end() :]
    return name


def _sizes(state: Mapping[str, Any], file: Path) -> dict[str, Any]:
    """Width, depths and inputs of the target network, from shapes; the patch rate is 1."""
    backbone = "hyper.backbone."
    width = shape_of(state, f"{backbone}conv1.weight", file=file, what=_WHAT)[0]
    blocks = {(found[1], found[2]) for name in state if (found := _BLOCK.match(name))}
    depths = [sum(stage == number for stage, _ in blocks) for number in "1234"]
    channels = shape_of(state, "hyper.features.4.weight", file=file, what=_WHAT)[0]
    return {**SIZES, "width": width, "depths": depths, "target": 2 * channels}


_BLOCK = re.compile(r"hyper\.backbone\.layer([1-4])\.(\d+)\.")
