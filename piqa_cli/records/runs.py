"""Result of a run: counts of files, ranks, gates, warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from piqa_cli.records.gates import GateResult
from piqa_cli.records.ranks import DeviceRank, SceneRank
from piqa_cli.records.results import Failed


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of files by outcome."""

    ok: int
    failed: int
    skipped: int
    ignored: int
    reused: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Result of a run, for the last lines on the terminal.

    Attributes:
        started_at: UTC, ISO 8601.
        seconds: wall time by stage, in their order.
        scores_from: what was ranked where the scores were given; empty: a model scored pictures.
    """

    out: Path
    report: Path
    model: str
    trained_on: str
    counts: Counts
    scene_ranks: tuple[SceneRank, ...]
    device_ranks: tuple[DeviceRank, ...]
    failed: tuple[Failed, ...]
    warnings: tuple[str, ...]
    gates: tuple[GateResult, ...] = ()
    started_at: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)
    scores_from: str = ""
