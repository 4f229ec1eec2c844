"""The authors' two files become one weights file: checked, renamed, text vectors computed."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence

from piqa_cli.errors import PiqaError
from piqa_cli.models.blocks.liqe import clip_file
from piqa_cli.models.blocks.liqe.prompts import LABELS
from piqa_cli.models.dn_piqa import piq_model_file
from piqa_cli.models.dn_piqa.network import BUNDLE_FORMAT
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import State


def convert(checkpoints: Sequence[Checkpoint]) -> tuple[State, dict[str, str]]:
    """Checks and converts `PIQ_model.pth` and `LIQE.pt`.

    Reads both key layouts of timm, half and single precision. Equal inputs give equal tensors on
    one machine. Needs about 3 GB of memory.

    Returns:
        Tensors and metadata (`format`, `sizes`, `labels`) as `network.build` takes them.

    Raises:
        PiqaError: a file is damaged or not what it should be.
    """
    piq_model, liqe = checkpoints
    _check_kinds(piq_model, liqe)
    tensors, sizes = piq_model_file.convert_piq_model(piq_model.state, piq_model.file)
    liqe_tensors, liqe_sizes = clip_file.convert_liqe(liqe.state, liqe.file)
    metadata = {
        "format": BUNDLE_FORMAT,
        "sizes": json.dumps({**sizes, **liqe_sizes}, sort_keys=True),
        "labels": json.dumps(LABELS),
    }
    return {**tensors, **liqe_tensors}, metadata


def _check_kinds(piq_model: Checkpoint, liqe: Checkpoint) -> None:
    """Recognises swapped or foreign files by one tensor name each.

    Raises:
        PiqaError: a file isn't what it was given as.
    """
    marker, liqe_marker = piq_model_file.MARKER, clip_file.MARKER
    if liqe_marker in piq_model.state and marker in liqe.state:
        files = [str(liqe.file), str(piq_model.file)]
        right = shlex.join(["piqa-cli", "weights", "import", "dn-piqa", *files])
        raise PiqaError(
            f"{piq_model.file} is LIQE's file and {liqe.file} is DN-PIQA's: swap them: `{right}`"
        )
    if marker not in piq_model.state:
        raise PiqaError(f"{piq_model.file}: not DN-PIQA's PIQ_model.pth: lacks {marker}")
    if liqe_marker not in liqe.state:
        raise PiqaError(f"{liqe.file}: not LIQE's LIQE.pt: lacks {liqe_marker}")
