"""Outcomes of a capture: a score or a failure, and the seconds it took."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from piqa_cli.errors import Stage
from piqa_cli.records.captures import Capture
from piqa_cli.records.models import Scale
from piqa_cli.records.photos import Face, PhotoFacts


@dataclass(frozen=True, slots=True)
class Prediction:
    """Output of a model for one photograph.

    Attributes:
        score: higher is better, comparable within one scene only.
        view_scores: the scores of the single views that the score is the mean of.
        explanation: model-specific columns that explain the score (see `schema`), e.g. LIQE's.
    """

    score: float
    view_scores: tuple[float, ...]
    explanation: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scored:
    """A capture that has a score."""

    capture: Capture
    facts: PhotoFacts
    face: Face
    prediction: Prediction
    warning: str | None = None

    @property
    def score(self) -> float:
        """Score of the prediction."""
        return self.prediction.score

    @property
    def sha256(self) -> str:
        """SHA-256 of the file's bytes, hex."""
        return self.facts.sha256

    @property
    def pixels_sha256(self) -> str | None:
        """Of the pixels that were scored, hex; None where an older version scored them."""
        return self.facts.pixels_sha256


@dataclass(frozen=True, slots=True)
class Given:
    """A capture whose score was given: no picture was read.

    Attributes:
        capture: its path, scene and device in the list of scores.
        score: higher is better, comparable within one scene only.
        sha256: of the file's bytes, hex, where the list knows it.
        pixels_sha256: of the pixels that were scored, where the list knows it.
        score_sd: standard deviation of the score, where the list states it.
    """

    capture: Capture
    score: float
    sha256: str | None = None
    pixels_sha256: str | None = None
    score_sd: float | None = None

    def fingerprint(self, model: str, scale: Scale) -> str:
        """SHA-256, hex: that the score was given, its capture, its source, its value."""
        parts = (model, scale, self.capture.path, self.sha256 or "", repr(self.score))
        return sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


@dataclass(frozen=True, slots=True)
class Failed:
    """A capture that couldn't be scored, at which stage and why; `facts` where reading worked."""

    capture: Capture
    stage: Stage
    reason: str
    facts: PhotoFacts | None = None

    @property
    def path(self) -> str:
        """Path of the capture."""
        return self.capture.path


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that one capture spent in one stage."""

    path: str
    stage: str
    seconds: float
