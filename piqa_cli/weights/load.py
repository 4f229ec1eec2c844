"""Tensors and networks of a bundle, only ever from a file whose SHA-256 is the right one."""

from __future__ import annotations

import json

from safetensors import SafetensorError, safe_open
from torch import Tensor

from piqa_cli.errors import MissingPartError
from piqa_cli.models.catalogue import model_of
from piqa_cli.models.protocol import QualityModel
from piqa_cli.models.spec import Model
from piqa_cli.weights.store import METADATA_KEY, Bundle, verify


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
    return state, metadata | _unpacked(metadata.pop(METADATA_KEY, "{}"), bundle)


def _unpacked(packed: str, bundle: Bundle) -> dict[str, str]:
    """Metadata as `save_bundle` packs them.

    Raises:
        MissingPartError: they are something else.
    """
    try:
        found = json.loads(packed)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise MissingPartError(
            f"{bundle.path} has metadata that piqa-cli didn't write: make the weights again"
        )
    return found


def load_network(bundle: Bundle) -> QualityModel:
    """Verifies a bundle and builds its network, in evaluation mode, on the CPU.

    Raises:
        MissingPartError: the file is missing or damaged, or holds the weights of another model or
            of another preprocessing.
    """
    return build_network(bundle, model_of(bundle.model))


def build_network(bundle: Bundle, model: Model) -> QualityModel:
    """As `load_network`, in a process whose catalogue may lack the model."""
    state, metadata = load_tensors(bundle)
    ours = model.spec.preprocessing
    theirs = metadata.get("preprocessing", ours)
    if theirs != ours:
        raise MissingPartError(
            f"{bundle.path} is for {theirs}, this version prepares pictures as "
            f"{ours}: train again, or use the version that made it"
        )
    try:
        return model.build(state, metadata)
    except MissingPartError:
        raise
    except Exception as error:  # names, shapes or sizes don't fit: networks raise nearly anything
        raise MissingPartError(f"{bundle.path} holds no weights of {bundle.model}") from error
