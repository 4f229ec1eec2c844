"""Sources of scores: a model, or a list of scores that exist already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scale = Literal["jod", "pseudo_jod", "relative", "mos"]
ScoredBy = Literal["model", "observers", "given"]
"""Source of scores: a model of piqa-cli, human observers, or a list of unknown origin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """Facts about a model, as data.

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
        needs_landmarks: whether it scores only captures whose face has landmarks.
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
    max_aspect: float = 8.0
    preprocessing: str
    trained_on: str
    ships: bool = False
    needs_landmarks: bool = False

    @property
    def scored_by(self) -> ScoredBy:
        """Always a model."""
        return "model"


@dataclass(frozen=True, slots=True)
class GivenScores:
    """Scores that stood in a list: no model of piqa-cli made them, and no picture was read.

    Attributes:
        name: `given`, or `given: MODEL` where the list names a model.
        title: one line for people.
        scale: `jod`, `mos` or `relative`.
        jod_per_unit: JOD for one unit of score; None: not known.
        scored_by: human `observers`, or `given`: whoever made the list.
    """

    name: str
    title: str
    scale: Scale
    jod_per_unit: float | None
    scored_by: ScoredBy


ScoreSource = ModelSpec | GivenScores
