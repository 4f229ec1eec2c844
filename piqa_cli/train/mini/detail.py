"""Learns what fine faults cost from squares of full detail; rated pictures are too small for it."""

from __future__ import annotations

import hashlib
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from piqa_cli.models.dn_piqa_mini.network import FROZEN_STAGES, DnPiqaMini
from piqa_cli.train.faces import FaceSource, load_with_face
from piqa_cli.train.mini.costs import fit_costs
from piqa_cli.train.mini.start import start_backbone
from piqa_cli.train.parallel import spread
from piqa_cli.train.photographs import face_boxes
from piqa_cli.train.simulation.fine import fine_scene
from piqa_cli.train.simulation.frozen_test import training_files

_CAPTURES = 8  # captures of every square
_SQUARES = 1  # squares of every photograph
_PART_FILES = 16

_Order = tuple[Path, FaceSource]


def fit_detail(
    model: DnPiqaMini,
    photos: Path,
    *,
    start: str,
    seed: int,
    workers: int = 1,
    quiet: bool = False,
) -> int:
    """Trains the costs of fine detail in place.

    Args:
        model: its frozen stages see the squares, its `detail_costs` are trained.
        photos: folder of clean photographs.
        start: weights of the frozen stages, see `start_model`.
        seed: of squares, cameras and training.
        workers: processes that simulate.
        quiet: no progress bar.

    Returns:
        How many squares were learnt from.

    Raises:
        PiqaError: no photographs there, or one can't be read.
    """
    boxes = face_boxes(photos)
    orders: list[_Order] = [(file, boxes.get(file.name, "find")) for file in training_files(photos)]
    parts = [orders[at : at + _PART_FILES] for at in range(0, len(orders), _PART_FILES)]
    work = partial(_fine_part, start=start, seed=seed)
    found = list(
        chain.from_iterable(spread(work, parts, workers=workers, unit="part", quiet=quiet))
    )
    features = torch.from_numpy(np.concatenate([features for features, _ in found]))
    wanted = torch.from_numpy(np.concatenate([costs for _, costs in found]))
    scenes = torch.arange(len(features)) // _CAPTURES
    model.standardise_detail.fit(features)
    fit_costs(model.detail_costs, model.standardise_detail(features), wanted, scenes, seed=seed)
    return len(features)


def _fine_part(
    orders: list[_Order], start: str, seed: int
) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Features (8, 160) and costs (8, 11) of every square of these photographs."""
    torch.set_num_threads(1)
    found = []
    for file, box in orders:
        clean, face = load_with_face(file, box)
        name_seed = int.from_bytes(hashlib.sha256(file.name.encode()).digest()[:8], "big")
        rng = np.random.default_rng((seed, name_seed, 0xF19E))
        for _ in range(_SQUARES):
            captures = list(fine_scene(clean, face, rng, _CAPTURES))
            pixels = torch.from_numpy(np.stack([capture.pixels for capture in captures]))
            with torch.inference_mode():
                features = start_backbone(start)(pixels, FROZEN_STAGES).numpy()
            costs = np.array([capture.costs for capture in captures], np.float32)
            found.append((features, costs))
    return found
