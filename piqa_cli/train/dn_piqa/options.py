"""Settings of a training of the full DN-PIQA; needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from piqa_cli.train.options import RatedTraining

StartFrom = Literal["random", "imported"]


@dataclass(frozen=True, slots=True)
class DnPiqaSettings(RatedTraining):
    """One training run. The defaults are the authors' recipe.

    Attributes:
        out: work folder: prepared pictures, checkpoint, logs and `weights/`.
        start: what both branches and the MLP start from.
        start_full, start_face: weights files of single branches; they come before `start`.
        liqe: `LIQE.pt`; None: LIQE of the imported bundle of dn-piqa.
        epochs: passes over all pairs.
        batch: pairs in one step, over all processors.
        part: pairs at once on one processor; a batch is summed up of parts. None: the batch
            divided by the number of processors.
        learning_rate, weight_decay: of Adam; the decay is an L2 term of the gradient.
        patience: epochs without a better validation before the run stops; 0: never.
        gradient_checkpointing: less memory for a third more time.
    """

    out: Path
    start: StartFrom = "random"
    start_full: Path | None = None
    start_face: Path | None = None
    liqe: Path | None = None
    epochs: int = 10
    batch: int = 6
    part: int | None = None
    learning_rate: float = 1e-5
    weight_decay: float = 1e-7
    patience: int = 3
    gradient_checkpointing: bool = False
