"""What is true of a model, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scale = Literal["jod", "pseudo_jod", "relative", "mos"]
Voice = Literal["model", "observers", "given"]


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """All that is true of a model, as data.

    Attributes:
        name: what `--model` takes.
        title: one line for people.
        citation: the paper or the project.
        attribute: what the score rates (`overall`, `exposure`, ...), or what is known of that.
        scale: `jod`, `pseudo_jod`, `relative` or `mos`.
        jod_per_unit: JOD for one unit of score, fixed when trained; None: not known.
        licence: of code and weights.
        needs_face: whether the face box changes the score.
        min_side_px: the smallest working side that the model can score.
        max_aspect: the largest long/short ratio that it scores.
        preprocessing: version of everything between working pixels and network input.
        trained_on: one honest line for pages (e.g. simulated captures).
        ships: whether the weights are in the package.
        voice: who speaks: a `model` of piqa-cli, human `observers`, or whoever made the scores
            that were `given`.
    """

    name: str
    title: str
    citation: str
    attribute: str
    scale: Scale
    jod_per_unit: float | None
    licence: str
    needs_face: bool
    min_side_px: int
    max_aspect: float
    preprocessing: str
    trained_on: str
    ships: bool
    voice: Voice = "model"
