"""Settings of `train model`; needs no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from piqa_cli.train.options import RatedTraining
from piqa_cli.train.zoo.recipe import TrainRecipe


@dataclass(frozen=True, slots=True)
class ZooSettings(RatedTraining):
    """One training run.

    Attributes:
        model: name in the catalogue.
        out: work folder: prepared pictures, checkpoint, logs and weights.
        recipe: every number of the training.
        backbone: weights file that the backbone starts from; None: random.
        sizes: of the network; None: the published ones.
        part: groups at once on the processor; gradients add up to the batch. None: all.
    """

    model: str
    out: Path
    recipe: TrainRecipe
    backbone: Path | None = None
    sizes: Mapping[str, Any] | None = None
    part: int | None = None
