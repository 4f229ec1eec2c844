"""Settings and result of a training of the full DN-PIQA; needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from piqa_cli.settings import Compute, DetectorRule
from piqa_cli.train.material import Attribute, Split
from piqa_cli.train.options import TrainPrecision

StartFrom = Literal["random", "imported"]


@dataclass(frozen=True, slots=True)
class DnPiqaSettings:
    """One training run. The defaults are the authors' recipe.

    Attributes:
        out: work folder: prepared pictures, checkpoint, logs and `weights/`.
        piq23: the folder of PIQ23, with its CSVs and pictures anywhere inside.
        attribute, split: which of PIQ23's ratings and which of its official splits.
        captures: a lab's own ratings instead: a manifest with `jod` or `mos`.
        start: what both branches and the MLP start from.
        start_full, start_face: weights files of single branches; they come before `start`.
        liqe: `LIQE.pt`; None: LIQE of the imported bundle of dn-piqa.
        epochs: passes over all pairs.
        batch: pairs in one step, over all processors.
        part: pairs at once on one processor; a batch is summed up of parts. None: the batch
            divided by the number of processors.
        learning_rate, weight_decay: of Adam; the decay is an L2 term of the gradient.
        validation_share: of the training pictures, held out to choose the epoch.
        patience: epochs without a better validation before the run stops; 0: never.
        precision: of the two Swin transformers; weights and MLP stay in fp32.
        compute: which processor.
        gradient_checkpointing: less memory for a third more time.
        checkpoint_steps: steps between two checkpoints; one comes after every epoch anyway.
        face_rule: which of several faces is meant.
        seed: of pairs, order, crops, dropout and fresh weights.
        resume: go on from the checkpoint in `out`.
    """

    out: Path
    piq23: Path | None = None
    attribute: Attribute = "overall"
    split: Split = "scene"
    captures: Path | None = None
    start: StartFrom = "random"
    start_full: Path | None = None
    start_face: Path | None = None
    liqe: Path | None = None
    epochs: int = 10
    batch: int = 6
    part: int | None = None
    learning_rate: float = 1e-5
    weight_decay: float = 1e-7
    validation_share: float = 0.15
    patience: int = 3
    precision: TrainPrecision = "auto"
    compute: Compute = "auto"
    gradient_checkpointing: bool = False
    checkpoint_steps: int = 200
    face_rule: DetectorRule = "confident"
    seed: int = 0
    resume: bool = True


@dataclass(frozen=True, slots=True)
class DnPiqaResult:
    """Result of a training run.

    Attributes:
        weights: the bundle of the best epoch by validation.
        sha256: of that file.
        epochs: whole passes made.
        best_epoch: the pass that the weights are from, counted from 1.
        validation_srcc: within scene, mean over scenes, of pictures held out of training.
        loss: mean training loss of the last pass.
        test_srcc, test_srcc_median: of the official test set, mean and median over scenes,
            measured once with the best weights; None without a test set.
        stopped_early: whether validation had stopped getting better.
    """

    weights: Path
    sha256: str
    epochs: int
    best_epoch: int
    validation_srcc: float
    loss: float
    test_srcc: float | None
    test_srcc_median: float | None
    stopped_early: bool
