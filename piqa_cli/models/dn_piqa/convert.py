"""The authors' two files become one weights file: checked, renamed, text vectors computed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from piqa_cli.models.blocks.liqe import clip_file
from piqa_cli.models.blocks.liqe.prompts import LABELS
from piqa_cli.models.blocks.published_file import check_files
from piqa_cli.models.dn_piqa import piq_model_file
from piqa_cli.models.dn_piqa.network import BUNDLE_FORMAT
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import State

MARKS = {
    "DN-PIQA's PIQ_model.pth": piq_model_file.MARKER,
    "LIQE's LIQE.pt": clip_file.MARKER,
}


def convert(checkpoints: Sequence[Checkpoint]) -> tuple[State, dict[str, str]]:
    """Checks and converts `PIQ_model.pth` and `LIQE.pt`.

    Reads both key layouts of timm, half and single precision. Equal inputs give equal tensors on
    one machine. Needs about 3 GB of memory.

    Returns:
        Tensors and metadata (`format`, `sizes`, `labels`) as `network.build` takes them.

    Raises:
        PiqaError: a file is damaged or not what it should be.
    """
    check_files(checkpoints, MARKS, model="dn-piqa")
    piq_model, liqe = checkpoints
    tensors, sizes = piq_model_file.convert_piq_model(piq_model.state, piq_model.file)
    liqe_tensors, liqe_sizes = clip_file.convert_liqe(liqe.state, liqe.file)
    metadata = {
        "format": BUNDLE_FORMAT,
        "sizes": json.dumps({**sizes, **liqe_sizes}, sort_keys=True),
        "labels": json.dumps(LABELS),
    }
    return {**tensors, **liqe_tensors}, metadata
