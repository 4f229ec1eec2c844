"""Tensors of a bundle, only ever from a file whose SHA-256 is the right one."""

from __future__ import annotations

import json

from safetensors import SafetensorError, safe_open
from torch import Tensor

from piqa_cli.errors import MissingPartError
from piqa_cli.weights.save import METADATA_KEY
from piqa_cli.weights.store import Bundle, verify


def load_tensors(bundle: Bundle) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Verifies a bundle and reads it.

    Returns:
        Every tensor by name, on the CPU and as stored, and the bundle's metadata.

    Raises:
        MissingPartError: the file is missing or damaged.
    """
    verify(bundle)
    try:
        with safe_open(bundle.path, framework="pt") as file:
            metadata = dict(file.metadata() or {})
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise MissingPartError(f"{bundle.path} is no safetensors file: {error}") from None
    packed = metadata.pop(METADATA_KEY, None)
    return state, metadata if packed is None else {**metadata, **json.loads(packed)}
