"""A published file of DB-CNN becomes one weights file: its names stay, all of it is checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from piqa_cli.models.blocks.published_file import PublishedFile, check_files
from piqa_cli.models.blocks.vgg import DEPTHS
from piqa_cli.models.db_cnn.network import BUNDLE_FORMAT, SCNN_STRIDES, DbCnn
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import Found, State

_VGG_FIRST = [0, *(2 * depth + stage for stage, depth in enumerate(accumulate(DEPTHS), 1))][:5]
_SCNN_CONVOLUTIONS = range(0, 3 * len(SCNN_STRIDES), 3)


def convert(checkpoints: Sequence[Checkpoint]) -> tuple[State, dict[str, str]]:
    """Checks and converts a whole network: the authors' own file, or a re-implementation's.

    Both name their tensors alike, `features1`, `features2` and `fc`. What a network was trained on
    can't be told by its tensors, so the metadata `variant` keeps the file's name.

    Returns:
        Tensors and metadata (`format`, `sizes`, `variant`) as `network.build` takes them.

    Raises:
        PiqaError: the file is damaged or not what it should be.
    """
    whole = "a whole network of DB-CNN (its SCNN alone scores nothing)"
    check_files(checkpoints, {whole: "features1.0.weight"}, model="db-cnn")
    (given,) = checkpoints
    tensors, sizes = _FILE.read(given)
    return tensors, {
        "format": BUNDLE_FORMAT,
        "sizes": json.dumps(sizes, sort_keys=True),
        "variant": given.file.name,
    }


def _sizes(found: Found) -> dict[str, Any]:
    """Channels of VGG's stages and of the SCNN's convolutions."""
    return {
        "vgg": [found.shape(f"features1.{layer}.weight", 4)[0] for layer in _VGG_FIRST],
        "scnn": [found.shape(f"features2.{layer}.weight", 4)[0] for layer in _SCNN_CONVOLUTIONS],
    }


_FILE = PublishedFile(
    what="network of DB-CNN",
    network=DbCnn,
    sizes=_sizes,
    left_out=r".*\.num_batches_tracked",  # only training reads it, and old files lack it
)
