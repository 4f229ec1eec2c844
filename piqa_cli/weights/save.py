"""Writes a bundle and its sidecar: whole or not at all, the same bytes for the same tensors."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import safetensors.torch
from safetensors import SafetensorError
from torch import Tensor

from piqa_cli.atomic import replacing, write_whole
from piqa_cli.errors import PiqaError
from piqa_cli.weights.store import METADATA_KEY, Bundle, Source, sha256_of


def save_bundle(
    state: Mapping[str, Tensor],
    metadata: Mapping[str, str],
    *,
    model: str,
    folder: Path,
    sources: Sequence[Source] = (),
) -> Bundle:
    """Writes `<model>.safetensors` and `<model>.json` into a folder, made where it is missing.

    All metadata go under one key, because safetensors writes several in random order.

    Raises:
        PiqaError: the folder can't be written.
    """
    packed = {METADATA_KEY: json.dumps(dict(metadata), sort_keys=True)}
    path = folder / f"{model}.safetensors"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(path) as part:
            safetensors.torch.save_file(dict(state), part, packed)
        bundle = Bundle(model, path, sha256_of(path), tuple(sources))
        write_sidecar(bundle)
    except (OSError, SafetensorError) as error:
        raise PiqaError(f"{folder}: weights can't be written: {error}") from None
    return bundle


def write_sidecar(bundle: Bundle) -> None:
    """Writes the `<model>.json` that `store.find` reads, beside the bundle's file.

    Raises:
        OSError: the folder can't be written.
    """
    facts = {
        "model": bundle.model,
        "sha256": bundle.sha256,
        "bytes": bundle.path.stat().st_size,
        "sources": [asdict(source) for source in bundle.sources],
    }
    text = json.dumps(facts, indent=2) + "\n"
    write_whole(bundle.path.with_suffix(".json"), text.encode("utf-8"))
