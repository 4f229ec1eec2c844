"""Settings and results of training runs; needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from piqa_cli.settings import Compute, DetectorRule
from piqa_cli.train.material import Attribute, Split

TrainPrecision = Literal["auto", "fp32", "bf16", "fp16"]
"""Number format of a training's large products."""

DEFAULT_STEPS = 160
DEFAULT_CHECKPOINT_STEPS = 50
DEFAULT_RATE = 1e-4  # peak learning rate of the backbone


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """One training run of the small model.

    Attributes:
        out: work folder: checkpoint, log and the weights
            (`dn-piqa-mini.safetensors` and `.json`).
        material: folder that keeps simulated captures and features, which several runs may share;
            None: the work folder.
        captures: CSVs of rated captures, see `ratings.read_ratings`; pairs are made within one
            scene of one file, or within a file that names no scenes.
        photos: folder of clean photographs; simulated captures of them teach single faults by
            name, and fine detail.
        start: `imagenet`, `shipped`, or a weights file.
        fold: fifth of every set that isn't trained on, 0..4; None: all is.
        steps: of training.
        seed: of simulation, groups and crops.
        workers: processes that simulate and compute features, and threads of the training itself.
        rate: peak learning rate of the backbone; the head's is 0.3 times as large.
        compute: processor of the steps; simulation and features are the CPU's.
        checkpoint_steps: steps between two checkpoints; the weights don't depend on it.
        resume: go on from the checkpoint in `out`; False starts afresh but keeps what was rendered.
    """

    out: Path
    material: Path | None = None
    captures: tuple[Path, ...] = ()
    photos: Path | None = None
    start: str = "imagenet"
    fold: int | None = None
    steps: int = DEFAULT_STEPS
    seed: int = 0
    workers: int = 1
    rate: float = DEFAULT_RATE
    compute: Compute = "auto"
    checkpoint_steps: int = DEFAULT_CHECKPOINT_STEPS
    resume: bool = True


@dataclass(frozen=True, slots=True)
class TrainResult:
    """Result of a training run.

    Attributes:
        weights: safetensors, half precision.
        sha256: of that file.
        steps: made in all.
        loss: mean training loss of the last steps.
        n_captures: rated and simulated pictures that were learnt from.
    """

    weights: Path
    sha256: str
    steps: int
    loss: float
    n_captures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedTraining:
    """Settings of both kinds: trainings of the full DN-PIQA and of a model of the challenge.

    Attributes:
        piq23: the folder of PIQ23, with its CSVs and pictures anywhere inside.
        attribute, split: which of PIQ23's ratings and which of its official splits.
        captures: a lab's own ratings instead: a manifest with `jod` or `mos`.
        validation_share: of the training pictures, held out to choose the epoch.
        precision: of the large products; weights stay in fp32.
        compute: which processor.
        checkpoint_steps: steps between two checkpoints; one comes after every epoch anyway.
        face_rule: which of several faces is meant, where the model looks for one.
        seed: of order, crops, dropout and fresh weights.
        resume: go on from the checkpoint in the work folder.
    """

    piq23: Path | None = None
    attribute: Attribute = "overall"
    split: Split = "scene"
    captures: Path | None = None
    validation_share: float = 0.15
    precision: TrainPrecision = "auto"
    compute: Compute = "auto"
    checkpoint_steps: int = 200
    face_rule: DetectorRule = "confident"
    seed: int = 0
    resume: bool = True


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """Result of a training of the full DN-PIQA, or of a model of the challenge.

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


@dataclass(frozen=True, slots=True)
class JudgeRow:
    """Agreement of one measure with the labels of the frozen test, within scene.

    Attributes:
        measure: the model, the model without a branch, or a simple measure.
        srcc: Spearman's correlation per scene, mean over scenes.
        worst_scene_srcc: of the worst scene.
        n_scenes, n_captures: what it was measured on.
    """

    measure: str
    srcc: float
    worst_scene_srcc: float
    n_scenes: int
    n_captures: int
