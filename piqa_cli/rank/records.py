"""What ranking needs of a capture, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScoredCapture:
    """One capture with its score.

    Attributes:
        path: for messages.
        scene, device: its cell.
        score: higher is better, comparable within one scene only.
        firmware: part of the competitor where it is known and asked for.
        condition: of the scene, for the sub-rankings.
        sha256: of the file, a file that lies twice in one cell counts once; None: it counts.
    """

    path: str
    scene: str
    device: str
    score: float
    firmware: str | None = None
    condition: str | None = None
    sha256: str | None = None
