"""The authors' file, in either layout, becomes our weights file: text vectors computed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from piqa_cli.errors import PiqaError
from piqa_cli.models.blocks.liqe.clip_file import MARKER, convert_liqe
from piqa_cli.models.blocks.liqe.prompts import LABELS, QUALITY_LABELS
from piqa_cli.models.liqe.network import BUNDLE_FORMAT
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import State

WRAPPED = "clip_model."  # before every name in liqe_mix.pt and liqe_koniq.pt


def convert(checkpoints: Sequence[Checkpoint]) -> tuple[State, dict[str, str]]:
    """Checks and converts `LIQE.pt`, `liqe_mix.pt` or `liqe_koniq.pt`.

    Returns:
        Tensors and metadata (`format`, `sizes`, `labels`) as `network.build` takes them.

    Raises:
        PiqaError: the file is damaged or not one of these.
    """
    (given,) = checkpoints
    if MARKER in given.state:
        state, labels = given.state, LABELS
    elif WRAPPED + MARKER in given.state:
        state = {name.removeprefix(WRAPPED): tensor for name, tensor in given.state.items()}
        labels = _labels(given)
    else:
        raise PiqaError(
            f"{given.file}: not LIQE's LIQE.pt, liqe_mix.pt or liqe_koniq.pt: lacks {MARKER}"
        )
    tensors, sizes = convert_liqe(state, given.file, labels)
    metadata = {
        "format": BUNDLE_FORMAT,
        "sizes": json.dumps(sizes, sort_keys=True),
        "labels": json.dumps(labels),
    }
    return tensors, metadata


def _labels(given: Checkpoint) -> dict[str, list[str]]:
    """Words of the prompts that a network was trained with; only its file's name says which.

    `liqe_koniq.pt` was trained on KonIQ-10k with five prompts that name nothing but a quality; its
    tensors have the same names and shapes as those of `liqe_mix.pt`.

    Raises:
        PiqaError: the name says nothing.
    """
    name = given.file.name.lower()
    if ("mix" in name) == ("koniq" in name):
        raise PiqaError(
            f"{given.file}: either liqe_mix.pt or liqe_koniq.pt, which need different prompts and "
            "differ in nothing but their names: give it under its own name"
        )
    return LABELS if "mix" in name else QUALITY_LABELS
