"""A published file of MUSIQ becomes one weights file: renamed one to one, and checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from piqa_cli.errors import PiqaError
from piqa_cli.models.blocks.published_file import PublishedFile, check_files
from piqa_cli.models.musiq.network import BUNDLE_FORMAT, Musiq
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import Found, State

OUTPUTS = (1, 10)  # a mean opinion; or, of AVA, shares of the opinions 1..10
_HEAD_WIDTH = 64  # channels of an attention head; no tensor shows them


def convert(checkpoints: Sequence[Checkpoint]) -> tuple[State, dict[str, str]]:
    """Checks and converts one `musiq_*_ckpt` file, of KonIQ-10k, SPAQ, PaQ-2-PiQ or AVA.

    Only AVA's can be told by its tensors, so the metadata `variant` keeps the file's name.

    Returns:
        Tensors and metadata (`format`, `sizes`, `variant`) as `network.build` takes them.

    Raises:
        PiqaError: the file is damaged or not what it should be.
    """
    check_files(checkpoints, {"a file of MUSIQ": "conv_root.weight"}, model="musiq")
    (given,) = checkpoints
    tensors, sizes = _FILE.read(given)
    return tensors, {
        "format": BUNDLE_FORMAT,
        "sizes": json.dumps(sizes, sort_keys=True),
        "variant": given.file.name,
    }


def _sizes(found: Found) -> dict[str, Any]:
    """The arguments of the network.

    Raises:
        PiqaError: a tensor is missing, or the file predicts something else than quality.
    """
    outputs, width = found.shape("head.weight", 2)
    if outputs not in OUTPUTS:
        raise PiqaError(
            f"{found.file}: predicts {outputs} classes, no quality: it is the start of MUSIQ's "
            "training. Import musiq_koniq_ckpt, musiq_spaq_ckpt, musiq_paq2piq_ckpt or "
            "musiq_ava_ckpt"
        )
    return {
        "stem": found.shape("conv_root.weight", 4)[0],
        "width": width,
        "heads": max(1, width // _HEAD_WIDTH),
        "layers": found.count("blocks."),
        "mlp": found.shape("blocks.0.mlp.0.weight", 2)[0],
        "outputs": outputs,
    }


_FILE = PublishedFile(
    what="network of MUSIQ",
    network=Musiq,
    sizes=_sizes,
    names=(
        (r"transformer_encoder\.(?:posembed_input\.|scaleembed_input\.)?", ""),
        (r"transformer\.encoderblock_", "blocks."),
        (r"(blocks\.\d+\.mlp)\.fc1", r"\1.0"),
        (r"(blocks\.\d+\.mlp)\.fc2", r"\1.2"),
        (r"head\.0\.", "head."),  # files with ten outputs
    ),
)
