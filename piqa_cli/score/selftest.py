"""Does this machine give the score that was stored? One packaged picture says so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from piqa_cli.errors import PiqaError
from piqa_cli.records import Capture, Failed
from piqa_cli.resources import resource_dir, shipped_weights_dir
from piqa_cli.score.run import score_captures
from piqa_cli.settings import DEFAULT_MODEL, ScoreSettings

REFERENCE_FILE = "selftest.json"
TOLERANCE = 1e-3
"""In score units: decoders and processors agree within about 1e-5, a wrong kernel does not."""


@dataclass(frozen=True, slots=True)
class SelfTest:
    """The stored score, the one measured now, and how far apart they may lie."""

    picture: str
    expected: float
    measured: float
    tolerance: float

    @property
    def agrees(self) -> bool:
        """True where the scores lie within the tolerance."""
        return abs(self.measured - self.expected) <= self.tolerance


def measure(picture: str, settings: ScoreSettings) -> float:
    """The score of a packaged picture (path within sample_sets), never from the cache.

    Raises:
        PiqaError: it can't be scored here.
    """
    capture = Capture(picture, resource_dir("sample_sets") / picture, scene="", device="")
    result = score_captures([capture], settings).results[0]
    if isinstance(result, Failed):
        raise PiqaError(f"the packaged picture {picture} can't be scored: {result.reason}")
    return result.prediction.score


def self_test(settings: ScoreSettings) -> SelfTest:
    """Scores the packaged picture and compares."""
    stored = json.loads(reference_file().read_text(encoding="utf-8"))
    picture, expected = stored["picture"], stored["score"]
    return SelfTest(picture, expected, measure(picture, settings), stored["tolerance"])


def renew(picture: str) -> None:
    """Stores the score of this machine as the reference: after new weights ship."""
    settings = ScoreSettings(model=DEFAULT_MODEL, compute="cpu", use_cache=False)
    stored = {"picture": picture, "score": measure(picture, settings), "tolerance": TOLERANCE}
    reference_file().write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")


def reference_file() -> Path:
    """Path of the stored score, beside the shipped weights."""
    return shipped_weights_dir() / REFERENCE_FILE
