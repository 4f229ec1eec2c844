"""A published file of DB-CNN becomes one weights file: its names stay, all of it is checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import accumulate

import torch

from piqa_cli.errors import PiqaError
from piqa_cli.models.db_cnn.network import BUNDLE_FORMAT, SCNN_STRIDES, VGG_DEPTHS, DbCnn
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import State, check_strictly, shape_of, widened

_WHAT = "network of DB-CNN"
_COUNTER = ".num_batches_tracked"  # only training reads it, and old files lack it

_VGG_FIRST = [0, *(2 * depth + stage for stage, depth in enumerate(accumulate(VGG_DEPTHS), 1))][:5]
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
    (given,) = checkpoints
    if "features1.0.weight" not in given.state:
        raise PiqaError(
            f"{given.file}: no whole network of DB-CNN: lacks features1.0.weight (the file of its "
            "SCNN alone scores nothing)"
        )
    state = {n: tensor for n, tensor in given.state.items() if not n.endswith(_COUNTER)}
    shapes = {
        "vgg": [f"features1.{layer}.weight" for layer in _VGG_FIRST],
        "scnn": [f"features2.{layer}.weight" for layer in _SCNN_CONVOLUTIONS],
    }
    sizes = {
        part: [shape_of(state, name, file=given.file, what=_WHAT)[0] for name in names]
        for part, names in shapes.items()
    }
    with torch.device("meta"):
        network = DbCnn(sizes).state_dict()
    expected = {n: tuple(t.shape) for n, t in network.items() if not n.endswith(_COUNTER)}
    check_strictly(state, expected, file=given.file, what=_WHAT)
    metadata = {
        "format": BUNDLE_FORMAT,
        "sizes": json.dumps(sizes, sort_keys=True),
        "variant": given.file.name,
    }
    return widened(state), metadata
