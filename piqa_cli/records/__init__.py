"""Records that pass between the stages. All are frozen; a failure is a record too."""

from __future__ import annotations

from piqa_cli.records.agreement import Agreement
from piqa_cli.records.captures import (
    Box,
    Capture,
    Discovery,
    FaceMatch,
    FaceSource,
    FailedFolder,
    Point,
    SceneInfo,
    Skipped,
)
from piqa_cli.records.competitors import Competitor
from piqa_cli.records.models import GivenScores, ModelSpec, Scale, ScoredBy, ScoreSource
from piqa_cli.records.photos import Exif, Face, FaceCandidate, Photo, PhotoFacts
from piqa_cli.records.ranks import DeviceRank, Family, PairRank, Ranking, SceneRank
from piqa_cli.records.recipe import Recipe
from piqa_cli.records.results import Failed, Given, Prediction, Scored, Timing
from piqa_cli.records.runs import Counts, Findings, FurtherModel, RunContent

__all__ = [
    "Agreement",
    "Box",
    "Capture",
    "Competitor",
    "Counts",
    "DeviceRank",
    "Discovery",
    "Exif",
    "Face",
    "FaceCandidate",
    "FaceMatch",
    "FaceSource",
    "Failed",
    "FailedFolder",
    "Family",
    "Findings",
    "FurtherModel",
    "Given",
    "GivenScores",
    "ModelSpec",
    "PairRank",
    "Photo",
    "PhotoFacts",
    "Point",
    "Prediction",
    "Ranking",
    "Recipe",
    "RunContent",
    "Scale",
    "SceneInfo",
    "SceneRank",
    "ScoreSource",
    "Scored",
    "ScoredBy",
    "Skipped",
    "Timing",
]
