"""Captures that were scored with another person's face are scored once more."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from piqa_cli.records import Box, Capture, Face, FaceCandidate, Failed, on_demand
from piqa_cli.score.engine import Outcome
from piqa_cli.score.run import score_captures
from piqa_cli.settings import ScoreSettings
from tests.runs.samples import scored

ANN, BEN = Box(100.0, 100.0, 200.0, 200.0), Box(600.0, 150.0, 690.0, 240.0)
CANDIDATES = (FaceCandidate(ANN, 0.99), FaceCandidate(BEN, 0.95))


class TwoPeople:
    """Finds Ann and Ben everywhere, chooses Ben in `c.png`; scores the left edge of a face."""

    hardware = {"compute": "cpu"}  # noqa: RUF012
    warnings = ()

    def __init__(self):
        self.seen = []

    def score(self, jobs):
        for job in jobs:
            capture = job.capture
            self.seen.append((capture.path, capture.given_face))
            yield Outcome(job.models[0], self._result(capture))

    def _result(self, capture):
        own = CANDIDATES[1 if capture.path == "c.png" else 0]
        if capture.given_face == ANN and capture.file.read_bytes() == b"bad":
            return Failed(capture, "score", "out of luck")
        if capture.face_source == "given":
            face = Face(capture.given_face, None, None, "given")
        else:
            face = Face(own.box, own.confidence, 2, "detect", CANDIDATES)
        known = scored("Hall", "A", face.box.x0)
        sha256 = hashlib.sha256(capture.file.read_bytes()).hexdigest()
        facts = replace(known.facts, sha256=sha256, width_px=1000, height_px=800)
        return replace(known, capture=capture, facts=facts, face=face)


@pytest.fixture(params=["in memory", "on disk"])
def run(tmp_path, request, monkeypatch):
    if request.param == "on disk":
        monkeypatch.setattr(on_demand, "IN_MEMORY", 0)

    def score(rule="scene", *, last=b"c", use_cache=False, **details):
        engine = TwoPeople()
        captures = []
        for name, content in {"a.png": b"a", "b.png": b"b", "c.png": last}.items():
            (tmp_path / name).write_bytes(content)
            captures.append(Capture(name, tmp_path / name, "Hall", "A"))
        captures = [replace(capture, **details) for capture in captures]
        settings = ScoreSettings(face_rule=rule, use_cache=use_cache)
        findings = score_captures(captures, settings, start=lambda task: engine)
        return findings, engine.seen

    return score


def test_the_scenes_face_is_scored_in_all_captures(run):
    findings, seen = run()
    assert [result.prediction.score for result in findings.results] == [100.0, 100.0, 100.0]
    last = findings.results[2]
    assert last.face == Face(ANN, 0.99, 2, "detect", CANDIDATES, "corrected")
    assert last.capture.face_source == "detect"
    assert [result.face.match for result in findings.results] == ["same", "same", "corrected"]
    assert seen == [("a.png", None), ("b.png", None), ("c.png", None), ("c.png", ANN)]


def test_the_other_rules_leave_every_capture_its_own_face(run):
    findings, seen = run("confident")
    assert [result.prediction.score for result in findings.results] == [100.0, 100.0, 600.0]
    assert {result.face.match for result in findings.results} == {None}
    assert len(seen) == 3


def test_pictures_without_a_scene_stand_alone(run):
    findings, _ = run(scene="")
    assert findings.results[2].prediction.score == 600.0


def test_a_second_run_knows_both_scores_of_a_corrected_capture(run):
    first, _ = run(use_cache=True)
    second, seen = run(use_cache=True)
    assert seen == []
    assert list(second.results) == list(first.results)
    assert second.fingerprints == first.fingerprints
    assert (first.reused, second.reused) == (0, 3)


def test_a_capture_that_fails_with_the_right_face_is_a_failure(run):
    findings, _ = run(last=b"bad")
    assert findings.results[2].reason == "out of luck"
    assert findings.results[2].capture.face_source == "detect"
