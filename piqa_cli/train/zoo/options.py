"""Settings and result of `train model`; needs no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from piqa_cli.settings import Compute, DetectorRule
from piqa_cli.train.material import Attribute, Split
from piqa_cli.train.options import TrainPrecision
from piqa_cli.train.zoo.recipe import TrainRecipe


@dataclass(frozen=True, slots=True)
class ZooSettings:
    """One training run.

    Attributes:
        model: name in the catalogue.
        out: work folder: prepared pictures, checkpoint, logs and weights.
        recipe: every number of the training.
        backbone: weights file that the backbone starts from; None: random.
        piq23, attribute, split: the folder of PIQ23, which ratings, which official split.
        captures: a lab's own ratings instead: a manifest with `jod` or `mos`.
        sizes: of the network; None: the published ones.
        part: groups at once on the processor; gradients add up to the batch. None: all.
        validation_share: of the training pictures, held out to choose the epoch.
        precision: of the large products; weights stay in fp32.
        compute: which processor.
        checkpoint_steps: steps between two checkpoints; one comes after every epoch anyway.
        face_rule: which of several faces is meant, where the model looks for one.
        seed: of order, crops, dropout and fresh weights.
        resume: go on from the checkpoint in `out`.
    """

    model: str
    out: Path
    recipe: TrainRecipe
    backbone: Path | None = None
    piq23: Path | None = None
    attribute: Attribute = "overall"
    split: Split = "scene"
    captures: Path | None = None
    sizes: Mapping[str, Any] | None = None
    part: int | None = None
    validation_share: float = 0.15
    precision: TrainPrecision = "auto"
    compute: Compute = "auto"
    checkpoint_steps: int = 200
    face_rule: DetectorRule = "confident"
    seed: int = 0
    resume: bool = True


@dataclass(frozen=True, slots=True)
class ZooResult:
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
