"""Named tensors of a weights file that training starts from, in either usual format."""

from __future__ import annotations

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file

from piqa_cli.errors import PiqaError
from piqa_cli.models.tensors import State
from piqa_cli.weights.checkpoint import read_checkpoint


def read_tensors(file: Path) -> State:
    """The tensors of a `.safetensors`, or of a file of `torch.save`, which runs no code.

    Raises:
        PiqaError: the file is missing, damaged or something else.
    """
    if file.suffix != ".safetensors":
        return read_checkpoint(file)
    try:
        return load_file(file)
    except (OSError, SafetensorError) as error:
        raise PiqaError(f"{file}: no weights file, or a damaged one: {error}") from None
