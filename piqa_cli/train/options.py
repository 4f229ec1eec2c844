"""Settings and result of a training run; needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from piqa_cli.settings import Compute

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
