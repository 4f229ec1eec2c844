"""All that a training of the small model learns from, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from piqa_cli.train.mini.features import Maps
from piqa_cli.train.mini.ratings import Rated

Indices = NDArray[np.int64]

SIMULATED_WEIGHT = 0.5
"""Weight of simulated pairs against rated ones.

Without them the linear term learns from ratings of small pictures that sharpening looks crisp, and
an oversharpened phone comes first.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """The pictures of one set that are learnt from.

    Attributes:
        maps: of these pictures.
        rows: their ratings.
        is_simulated: the ratings are a simulator's.
    """

    maps: Maps
    rows: Sequence[Rated]
    is_simulated: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """Everything, one row a picture.

    Attributes:
        maps: of every row.
        jod: (n,) float32 ratings.
        costs: (n, 11) float32 costs of `FAULTS`; NaN: not known.
        set_of_row, scene_of_row: (n,) int64; only rows of the same scene are compared.
        is_simulated: (n,) bool.
        groups: for every set, the rows of each of its scenes with two captures or more.
        weights: for every set, how much a pair of it counts: `SIMULATED_WEIGHT` or 1.
    """

    maps: Maps
    jod: Tensor
    costs: Tensor
    set_of_row: Tensor
    scene_of_row: Tensor
    is_simulated: Tensor
    groups: tuple[tuple[Indices, ...], ...]
    weights: tuple[float, ...]


def material_of(parts: Sequence[Part]) -> Material:
    """Joins the sets; scenes of different sets stay apart, whatever their names."""
    rows = [row for part in parts for row in part.rows]
    sets = np.repeat(np.arange(len(parts)), [len(part.rows) for part in parts])
    names = [f"{number}/{row.scene}" for number, row in zip(sets, rows, strict=True)]
    scenes = np.unique(names, return_inverse=True)[1]
    simulated = [part.is_simulated for part in parts for _ in part.rows]
    return Material(
        maps=Maps.joined([part.maps for part in parts]),
        jod=torch.tensor([row.jod for row in rows]),
        costs=torch.tensor([row.costs for row in rows]),
        set_of_row=torch.from_numpy(sets),
        scene_of_row=torch.from_numpy(scenes),
        is_simulated=torch.tensor(simulated),
        groups=tuple(_groups(scenes, sets == number) for number in range(len(parts))),
        weights=tuple(SIMULATED_WEIGHT if part.is_simulated else 1.0 for part in parts),
    )


def _groups(scenes: Indices, chosen: NDArray[np.bool_]) -> tuple[Indices, ...]:
    """Row numbers of each scene with two captures or more, among the chosen rows."""
    members = (np.nonzero(scenes == scene)[0] for scene in np.unique(scenes[chosen]))
    return tuple(rows for rows in members if len(rows) > 1)
