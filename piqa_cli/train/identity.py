"""Identity of a training: two that differ in it never go on from each other's checkpoint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import torch

from piqa_cli.train.material import Material, Rated
from piqa_cli.weights.store import Source


def identity_of(
    settings: Sequence[object],
    material: Material,
    *,
    prepared: Sequence[Path],
    sources: Sequence[Source],
    half: torch.dtype | None,
) -> str:
    """SHA-256 of all that the weights depend on.

    Args:
        settings: those that change weights, as plain values.
        material: what is learned from, and what chooses the epoch.
        prepared: files of its pictures, whose names say how they were prepared.
        sources: the files that weights came from.
        half: type of products under autocast; None: float32. Not the setting: `auto` is another
            type on another processor.
    """
    parts = [
        settings,
        [file.stem for file in prepared],
        _rows(material.training),
        _rows(material.validation),
        [source.sha256 for source in sources],
        str(half),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _rows(rated: Sequence[Rated]) -> list[tuple[str, str, float]]:
    return [(one.capture.path, one.capture.scene, one.jod) for one in rated]
