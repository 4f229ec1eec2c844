"""What a training run was asked to do, and what came of it; needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEFAULT_EPOCHS = 20


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """One training run.

    Attributes:
        out: work folder: simulated captures, checkpoint, log and the weights
            (`dn-piqa-mini.safetensors` and `.json`).
        photos: folder of clean photographs, each becomes scenes of simulated captures.
        captures: CSV of a lab's own captures (`path, scene, label`; label in JOD, higher is
            better; paths relative to the CSV); beside or instead of `photos`.
        opinions: CSV of rated photographs (`file, mos, mos_std`; files beside it or in `images/`),
            mixed into every batch to keep the absolute level honest; beside `photos`, each is also
            the source of a scene whose light is metered wrongly.
        epochs: passes over the training set.
        seed: of simulation, pairs and start weights.
        workers: processes that simulate and cut views; training itself is one process.
        batch: captures in one step.
        captures_per_photo: simulated captures of each scene.
        scenes_per_photo: scenes made of each photograph: the first shows it as it is and takes
            faults of any strength, the others show it in other looks: see `simulate._LOOKS`.
        learning_rate: of AdamW at its peak.
        held_out_fold: fifth of the opinions that isn't trained on, 0..4.
        resume: go on from the checkpoint in `out`; False starts afresh but keeps what was rendered.
    """

    out: Path
    photos: Path | None = None
    captures: Path | None = None
    opinions: Path | None = None
    epochs: int = DEFAULT_EPOCHS
    seed: int = 0
    workers: int = 1
    batch: int = 192
    captures_per_photo: int = 12
    scenes_per_photo: int = 12
    learning_rate: float = 4e-3
    resume: bool = True
    held_out_fold: int = 0


@dataclass(frozen=True, slots=True)
class TrainResult:
    """What a training run made.

    Attributes:
        weights: the best weights by validation (safetensors, half precision).
        sha256: of that file.
        epochs: passes made in all.
        best_epoch: the pass that the weights are from, counted from 1.
        validation_srcc: within scene, mean over held-out scenes of the training material.
        loss: mean training loss of the last pass.
        slope: label-JOD for one unit of score on the validation scenes.
    """

    weights: Path
    sha256: str
    epochs: int
    best_epoch: int
    validation_srcc: float
    loss: float
    slope: float


@dataclass(frozen=True, slots=True)
class JudgeRow:
    """Agreement of one measure with the labels of a test, within scene.

    Attributes:
        measure: the model, a variant of it or a simple measure; see `judge.judge`.
        srcc: Spearman's correlation per scene, mean over scenes.
        worst_scene_srcc: of the worst scene.
        n_scenes, n_captures: what it was measured on.
    """

    measure: str
    srcc: float
    worst_scene_srcc: float
    n_scenes: int
    n_captures: int
