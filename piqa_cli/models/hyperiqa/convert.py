"""Either published file of HyperIQA becomes one weights file: renamed one to one, and checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from piqa_cli.errors import PiqaError
from piqa_cli.models.blocks.published_file import Names, PublishedFile
from piqa_cli.models.hyperiqa.network import BUNDLE_FORMAT, SIZES, HyperIqa
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import Found, State

AUTHORS: Names = (
    *((rf"res\.lda{n}_pool\.0\.", f"hyper.local.{n - 1}.reduce.") for n in range(1, 5)),
    *((rf"res\.lda{n}_fc\.", f"hyper.local.{n - 1}.project.") for n in range(1, 5)),
    (r"res\.", "hyper.backbone."),
    (r"conv1\.", "hyper.features."),
    *((rf"fc{n}w_(?:conv|fc)\.", f"hyper.weights.{n - 1}.") for n in range(1, 6)),
    *((rf"fc{n}b_fc\.", f"hyper.biases.{n - 1}.") for n in range(1, 6)),
)
"""Beginnings of names in the authors' file, which counts from 1, and ours."""

REIMPLEMENTATION: Names = (
    (r"lda_modules\.([0-2])\.0\.", r"hyper.local.\1.reduce."),
    (r"lda_modules\.([0-3])\.[23]\.", r"hyper.local.\1.project."),
    (r"base_model\.", "hyper.backbone."),
    (r"conv1\.", "hyper.features."),
    (r"fc_w_modules\.([0-4])\.(?:2\.)?", r"hyper.weights.\1."),
    (r"fc_b_modules\.([0-4])\.(?:2\.)?", r"hyper.biases.\1."),
)
"""The same in the file of the re-implementation, which counts from 0."""


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
        names, cutting = AUTHORS, "stretched"
    elif "base_model.conv1.weight" in given.state:
        names, cutting = REIMPLEMENTATION, "grid"
    else:
        raise PiqaError(
            f"{given.file}: no file of HyperIQA: lacks res.conv1.weight (the authors') and "
            "base_model.conv1.weight (the re-implementation's)"
        )
    layout = PublishedFile(
        what="network of HyperIQA",
        network=partial(HyperIqa, cutting=cutting),
        sizes=_sizes,
        names=names,
        left_out=r".*num_batches_tracked",  # only training reads it, and old files lack it
    )
    tensors, sizes = layout.read(given)
    return tensors, {"format": BUNDLE_FORMAT, "sizes": json.dumps(sizes), "cutting": cutting}


def _sizes(found: Found) -> dict[str, Any]:
    """Width, depths and inputs of the target network; the patch rate is 1."""
    return {
        **SIZES,
        "width": found.shape("hyper.backbone.conv1.weight", 4)[0],
        "depths": [found.count(f"hyper.backbone.layer{stage}.") for stage in range(1, 5)],
        "target": 2 * found.shape("hyper.features.4.weight", 4)[0],
    }
