"""Draws pairs, their order and their crops, all from the seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from piqa_cli.models.dn_piqa.views import CROP_SIDE_PX

PARTNERS = 2  # partners of every picture, as in the authors' file of pairs
_DECAY, _DECAY_EPOCHS = 0.9, 2

Pairs = NDArray[np.int64]
"""(pairs, 2): rows of the pictures."""


def draw_pairs(scenes: Sequence[str], seed: int) -> Pairs:
    """Every picture comes first in two pairs; partners are drawn uniformly from its scene.

    With replacement, and a picture may draw itself, as the authors' file looks. Drawn once
    for all epochs.

    Args:
        scenes: of every picture.
        seed: of the partners.
    """
    members: dict[str, list[int]] = {}
    for row, scene in enumerate(scenes):
        members.setdefault(scene, []).append(row)
    rng = np.random.default_rng((seed, 1))
    pairs = [
        (row, members[scene][rng.integers(len(members[scene]))])
        for row, scene in enumerate(scenes)
        for _ in range(PARTNERS)
    ]
    return np.array(pairs, np.int64).reshape(-1, 2)


def epoch_order(count: int, *, seed: int, epoch: int) -> NDArray[np.int64]:
    """The order of the pairs in one epoch."""
    return np.random.default_rng((seed, 2, epoch)).permutation(count)


def crop_rng(*, seed: int, epoch: int, pair: int) -> np.random.Generator:
    """Crops of the two pictures of a pair; the same on every processor."""
    return np.random.default_rng((seed, 3, epoch, pair))


def dropout_seed(*, seed: int, epoch: int, first: int) -> int:
    """Seed of dropout and stochastic depth for the part of a batch that begins at `first`."""
    state = np.random.SeedSequence((seed, 4, epoch, first)).generate_state(1, np.uint64)
    return int(state[0] >> np.uint64(1))  # torch takes 63 bits


def learning_rate(start: float, epoch: int) -> float:
    """Learning rate of an epoch, counted from 1: x0.9 every two epochs.

    >>> round(learning_rate(1e-5, 3), 12)
    9e-06
    """
    return start * _DECAY ** ((epoch - 1) // _DECAY_EPOCHS)


def random_crop(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """One 384 x 384 crop, every place as likely: (H, W, 3) uint8 to (384, 384, 3)."""
    side = CROP_SIDE_PX
    y, x = (int(rng.integers(length - side + 1)) for length in pixels.shape[:2])
    return pixels[y : y + side, x : x + side]
