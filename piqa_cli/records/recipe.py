"""All that must be equal for two scores to be comparable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from piqa_cli.records.models import ModelSpec, Scale


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a run's scores; scores of equal recipes may be compared.

    None: not known (a list of scores rarely has it), or without effect (the face rule of a model
    that uses no face).

    Attributes:
        model: its name, or that of the given scores.
        scale: of the scores.
        weights_sha256: of the weights file.
        preprocessing: version of everything between working pixels and network input.
        working_size: shorter side in pixels, or `native`.
        precision: `fp32` or `bf16`.
        reading: version of what makes working pixels of a file, with its colour engine.
        detector: name, version and settings of the face detector.
        face_rule: which of several faces is scored.
        damaged: `refuse` or `score`: treatment of damaged files.
        landmarks: `given`, or name and version of the package that finds them.
    """

    model: str
    scale: Scale
    weights_sha256: str | None = None
    preprocessing: str | None = None
    working_size: str | None = None
    precision: str | None = None
    reading: str | None = None
    detector: str | None = None
    face_rule: str | None = None
    damaged: str | None = None
    landmarks: str | None = None

    @classmethod
    def of_model(
        cls,
        spec: ModelSpec,
        *,
        weights_sha256: str,
        working_size: str,
        precision: str,
        reading: str | None,
        detector: str | None,
        face_rule: str | None,
        damaged: str | None = None,
        landmarks: str | None = None,
    ) -> Recipe:
        """The recipe of a model; without parts about faces and landmarks where it needs none."""
        return cls(
            model=spec.name,
            scale=spec.scale,
            weights_sha256=weights_sha256,
            preprocessing=spec.preprocessing,
            working_size=working_size,
            precision=precision,
            reading=reading,
            detector=detector if spec.needs_face else None,
            face_rule=face_rule if spec.needs_face else None,
            damaged=damaged,
            landmarks=landmarks if spec.needs_landmarks else None,
        )


PART_NAMES: Mapping[str, str] = {
    "model": "model",
    "scale": "scale of the scores",
    "weights_sha256": "weights",
    "preprocessing": "preprocessing",
    "working_size": "working size",
    "precision": "precision",
    "reading": "reading",
    "face_rule": "face rule",
    "detector": "face detector",
    "damaged": "treatment of damaged files",
    "landmarks": "source of landmarks",
}
"""The parts of a recipe as people read them, in the order in which differences are listed."""
