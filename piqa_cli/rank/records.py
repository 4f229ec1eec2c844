"""Input and rules of the ranking."""

from __future__ import annotations

from dataclasses import dataclass

from piqa_cli.records import Competitor
from piqa_cli.settings import DEFAULT_TIE_JOD


@dataclass(frozen=True, slots=True)
class ScoredCapture:
    """One capture with its score.

    Attributes:
        path: for messages.
        scene, device: its cell.
        score: higher is better, comparable within one scene only.
        firmware: part of the competitor where it is known and asked for.
        condition: of the scene, for the sub-rankings.
        sha256, pixels_sha256: of the file and of what was scored of it; of captures of one cell
            that share either the first counts. None: not known, it counts.
    """

    path: str
    scene: str
    device: str
    score: float
    firmware: str | None = None
    condition: str | None = None
    sha256: str | None = None
    pixels_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules of the ranking.

    Attributes:
        tie_jod: smaller gaps are ties, in JOD.
        jod_per_unit: of the model; None: its scores have no JOD scale.
        reference: competitor that gaps are against; None: the league's mean.
    """

    tie_jod: float = DEFAULT_TIE_JOD
    jod_per_unit: float | None = None
    reference: Competitor | None = None
