"""A run takes any engine: the rules around it are the same."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import ClassVar

import pytest
from PIL import Image

from piqa_cli.records import Capture, Failed, Timing
from piqa_cli.score.engine import Engine, EngineTask, Outcome
from piqa_cli.score.run import score_captures
from piqa_cli.settings import ScoreSettings
from tests.runs.samples import scored


class CountingEngine:
    """Scores a capture by the number of its turn; keeps what it was given."""

    hardware: ClassVar = {"compute": "cpu"}
    warnings = ("the abacus is old",)

    def __init__(self, task: EngineTask, seen: list[str]) -> None:
        self._task, self._seen = task, seen

    def score(self, jobs):
        for turn, job in enumerate(jobs):
            capture = job.capture
            self._seen.append(capture.path)
            known = scored("Hall", "A", float(turn))
            sha256 = hashlib.sha256(capture.file.read_bytes()).hexdigest()
            result = replace(known, capture=capture, facts=replace(known.facts, sha256=sha256))
            yield Outcome(job.models[0], result, (Timing(capture.path, "score", 0.5),))


@pytest.fixture
def captures(tmp_path):
    """Two equal files, another one, and one that isn't there."""
    for name, level in {"a.png": 10, "b.png": 10, "c.png": 20}.items():
        Image.new("RGB", (8, 8), (level,) * 3).save(tmp_path / name)
    names = ("a.png", "b.png", "c.png", "gone.png")
    return [Capture(name, tmp_path / name, "Hall", "A") for name in names]


@pytest.fixture
def run(captures):
    """Scores them by the counting engine; gives findings, what was seen, and the steps."""

    def score(use_cache: bool = False):
        seen, steps = [], []

        def start(task: EngineTask) -> Engine:
            return CountingEngine(task, seen)

        def progress(items, total, step):
            steps.append((step, total))
            return items

        settings = ScoreSettings(use_cache=use_cache, workers=1)
        found = score_captures(captures, settings, progress=progress, start=start)
        return found, seen, steps

    return score


def test_an_engine_gets_each_content_once_and_no_file_that_cannot_be_read(run):
    findings, seen, steps = run()
    assert seen == ["a.png", "c.png"]
    assert steps == [("hash", 4), ("score", 2)]
    values = [r.reason if isinstance(r, Failed) else r.prediction.score for r in findings.results]
    assert values == [0.0, 0.0, 1.0, "file not found"]
    assert (findings.reused, len(findings.timings)) == (1, 2)
    assert (findings.warnings, findings.hardware) == (("the abacus is old",), {"compute": "cpu"})


def test_an_engine_is_not_started_where_all_is_known(run):
    run(use_cache=True)
    findings, seen, steps = run(use_cache=True)
    assert (seen, steps) == ([], [("hash", 4)])
    assert findings.reused == 3
