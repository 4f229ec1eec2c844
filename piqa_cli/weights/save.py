"""Writes a bundle and its sidecar: whole or not at all, the same bytes for the same tensors."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import safetensors.torch
from safetensors import SafetensorError
from torch import Tensor

from piqa_cli.errors import PiqaError
from piqa_cli.weights.store import Bundle, Source, sha256_of

METADATA_KEY = "piqa"


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
        with _replacing(path) as part:
            safetensors.torch.save_file(dict(state), part, packed)
        bundle = Bundle(model, path, sha256_of(path), tuple(sources))
        with _replacing(folder / f"{model}.json") as part:
            part.write_text(_sidecar(bundle), encoding="utf-8")
    except (OSError, SafetensorError) as error:
        raise PiqaError(f"{folder}: weights can't be written: {error}") from None
    return bundle


def _sidecar(bundle: Bundle) -> str:
    """Sidecar that `store.find` reads."""
    facts = {
        "model": bundle.model,
        "sha256": bundle.sha256,
        "bytes": bundle.path.stat().st_size,
        "sources": [asdict(source) for source in bundle.sources],
    }
    return json.dumps(facts, indent=2) + "\n"


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place when all went well and goes away otherwise."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.touch()
        mode = part.stat().st_mode
        yield part
        part.chmod(mode)  # safetensors leaves files that only their owner can read
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
