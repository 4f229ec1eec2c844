"""Input and rules of the ranking."""

from __future__ import annotations

from dataclasses import dataclass

from piqa_cli.records import Competitor
from piqa_cli.settings import DEFAULT_TIE_JOD

_MANY_SCENES = 5


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
        score_sd: stated standard deviation of the score; None: not known.
        fault_costs: cost of each of `faults.FAULTS`; None: the model states none.
    """

    path: str
    scene: str
    device: str
    score: float
    firmware: str | None = None
    condition: str | None = None
    sha256: str | None = None
    pixels_sha256: str | None = None
    score_sd: float | None = None
    fault_costs: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules of the ranking.

    Attributes:
        tie_jod: smaller gaps are ties, in JOD.
        jod_per_unit: of the model; None: its scores have no JOD scale.
        reference: competitor that gaps are against; None: the league's mean.
        min_scenes: competitors with fewer scenes aren't ranked; None: see `fewest_scenes`.
        min_captures: the same for captures.
    """

    tie_jod: float = DEFAULT_TIE_JOD
    jod_per_unit: float | None = None
    reference: Competitor | None = None
    min_scenes: int | None = None
    min_captures: int = 1

    def fewest_scenes(self, n_scenes: int, condition: str | None) -> int:
        """The fewest scenes that a competitor needs to be ranked.

        By default one scene is no evidence in a field of five or more. The scenes of a condition
        are few: of these no more are asked for than there are.

        Args:
            n_scenes: of the ranking.
            condition: of these scenes; None: all scenes.
        """
        if self.min_scenes is None:
            return 2 if n_scenes >= _MANY_SCENES else 1
        return self.min_scenes if condition is None else min(self.min_scenes, n_scenes)
