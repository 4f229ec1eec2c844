"""The authors' two files become one bundle: checked, renamed, text vectors computed."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from piqa_cli.errors import PiqaError
from piqa_cli.weights import liqe as liqe_file
from piqa_cli.weights import piq_model as piq_file
from piqa_cli.weights.checkpoint import State, read_checkpoint
from piqa_cli.weights.prompts import LABELS
from piqa_cli.weights.save import save_bundle
from piqa_cli.weights.store import Bundle, Source, sha256_of

BUNDLE_FORMAT = "dn-piqa/1"


def import_dn_piqa(piq_model: Path, liqe: Path, *, folder: Path) -> Bundle:
    """Checks and converts `PIQ_model.pth` and `LIQE.pt` into the bundle of `dn-piqa`.

    Reads both key layouts of timm, a `module.` prefix, a `model_state_dict` wrapper, half and
    single precision. Equal inputs give equal bytes on one machine. Needs about 3 GB of memory.

    Raises:
        PiqaError: a file is missing, damaged, or not what it should be; or `folder` can't be
            written.
    """
    published, clip = read_checkpoint(piq_model), read_checkpoint(liqe)
    _check_kinds(published, clip, piq_model=piq_model, liqe=liqe)
    tensors, sizes = piq_file.convert_piq_model(published, piq_model)
    liqe_tensors, liqe_sizes = liqe_file.convert_liqe(clip, liqe)
    metadata = {
        "format": BUNDLE_FORMAT,
        "sizes": json.dumps({**sizes, **liqe_sizes}, sort_keys=True),
        "labels": json.dumps(LABELS),
    }
    return save_bundle(
        {**tensors, **liqe_tensors},
        metadata,
        model="dn-piqa",
        folder=folder,
        sources=[Source(file.name, sha256_of(file)) for file in (piq_model, liqe)],
    )


def _check_kinds(published: State, clip: State, *, piq_model: Path, liqe: Path) -> None:
    """Tells swapped or foreign files by one tensor name each.

    Raises:
        PiqaError: a file isn't what it was given as.
    """
    if liqe_file.MARKER in published and piq_file.MARKER in clip:
        right = shlex.join(["piqa-cli", "weights", "import", str(liqe), str(piq_model)])
        raise PiqaError(f"{piq_model} is LIQE's file and {liqe} is DN-PIQA's: swap them: `{right}`")
    if piq_file.MARKER not in published:
        raise PiqaError(f"{piq_model}: not DN-PIQA's PIQ_model.pth: lacks {piq_file.MARKER}")
    if liqe_file.MARKER not in clip:
        raise PiqaError(f"{liqe}: not LIQE's LIQE.pt: lacks {liqe_file.MARKER}")
