"""The engine loses one capture, never the run."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from piqa_cli.models.catalogue import spec_of
from piqa_cli.models.protocol import Output
from piqa_cli.records import Box, Capture, Failed, Scored
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score import local
from piqa_cli.score.engine import Job
from piqa_cli.score.local import LocalEngine
from piqa_cli.score.networks import Networks
from piqa_cli.score.readers import Readers
from piqa_cli.score.scorer import Scorer
from piqa_cli.settings import ScoreSettings

SPEC = replace(spec_of("dn-piqa-mini"), needs_face=False)


class Fussy(torch.nn.Module):
    """Scores the mean; can't cut black pictures, can't score white ones, grey 128 gives NaN."""

    def views(self, image, face):
        if image.max() == 0:
            raise ValueError("black\nand nothing else")
        return {"pixels": image[:64, :64].copy()[None]}

    def forward(self, views):
        means = views["pixels"].float().flatten(2).mean(2)
        if (means == 255).any():
            raise RuntimeError("can't allocate memory")
        return Output(torch.where(means == 128, torch.nan, means))

    def explain(self, output, photo):
        return {}


@pytest.fixture
def score(tmp_path):
    """Runs the engine over captures of one grey level each."""

    def run(levels, *, pictures=None, batch=None, **details):
        captures = []
        for index, level in enumerate(levels):
            file = tmp_path / f"{index}.png"
            Image.fromarray(np.full((80, 100, 3), level, np.uint8)).save(file)
            captures.append(Capture(file.name, file, "scene", "device", **details))
        scorer = Scorer(Fussy(), device=torch.device("cpu"), batch=batch)
        with Readers(workers=1, timeout_s=60) as readers:
            networks = Networks.of_one(SPEC, scorer)
            engine = LocalEngine(networks, ScoreSettings(), readers=readers, pictures=pictures)
            jobs = [Job(capture, (SPEC.name,)) for capture in captures]
            results = [outcome.result for outcome in engine.score(jobs)]
        return results, list(engine.warnings)

    return run


def test_results_come_in_order_with_their_timings(score):
    results, warnings = score([10, 20, 30])
    assert [result.prediction.score for result in results] == [10, 20, 30]
    assert warnings == []


@pytest.mark.parametrize("batch", [1, 4])
def test_what_no_one_foresaw_costs_one_capture(score, batch):
    results, _ = score([10, 0, 255, 128, 20], batch=batch)
    told = [r.prediction.score if isinstance(r, Scored) else (r.stage, r.reason) for r in results]
    assert told == [
        10,
        ("score", "ValueError: black"),
        ("score", "RuntimeError: can't allocate memory"),
        ("score", "the model gave no finite score"),
        20,
    ]


def test_pictures_that_cannot_be_written_cost_no_score(score, tmp_path):
    (tmp_path / "pictures").write_text("a file")
    results, warnings = score([10, 20], pictures=PictureFolder(tmp_path / "pictures"))
    assert all(isinstance(result, Scored) for result in results)
    (warning,) = warnings
    assert warning.startswith(f"pictures can't be written to {tmp_path / 'pictures'}: ")


def test_a_given_face_outside_the_picture_is_a_failure(score):
    box = Box(500, 500, 600, 600)
    ((result,), _) = score([10], face_source="given", given_face=box)
    assert isinstance(result, Failed)
    assert (result.stage, result.reason) == (
        "face",
        "the given face box 500 500 600 600 lies outside the upright picture of 100 x 80 px",
    )


def test_a_given_face_is_used_as_far_as_it_lies_inside(score):
    ((result,), _) = score([10], face_source="given", given_face=Box(60, 20, 140, 70))
    assert result.face.box == Box(60, 20, 100, 70)


def test_a_missing_folder_of_pictures_is_made(score, tmp_path):
    score([10], pictures=PictureFolder(tmp_path / "deep" / "pictures"))
    names = {Path(file).name.split("-")[1] for file in (tmp_path / "deep" / "pictures").iterdir()}
    assert names == {"320.webp", "full.webp"}


def test_an_explanation_that_no_table_can_hold_costs_the_capture(score, monkeypatch):
    monkeypatch.setattr(Fussy, "explain", lambda self, output, photo: {"fault_costs": "much"})
    ((result,), _) = score([10])
    assert result.reason == "the model's 'fault_costs' is str where it declares list<float64>"
    monkeypatch.setattr(Fussy, "explain", lambda self, output, photo: {"haze": 1.0})
    ((result,), _) = score([10])
    assert result.reason == "the model explains its score by 'haze', which it doesn't declare"


def test_until_one_capture_has_come_bytes_bound_what_is_read_ahead(score, monkeypatch):
    steps = []
    submit, result_of = Readers.submit, Readers.result_of

    def reading(readers, *args, **named):
        steps.append("read")
        return submit(readers, *args, **named)

    def come(readers, future):
        done = result_of(readers, future)
        steps.append("come")
        return done

    monkeypatch.setattr(Readers, "submit", reading)
    monkeypatch.setattr(Readers, "result_of", come)
    monkeypatch.setattr(local, "waiting_bytes", lambda workers, free: 2 * local._UNKNOWN_BYTES)
    score([10, 20, 30, 40, 50], batch=4)
    assert steps[:3] == ["read", "read", "come"]
    assert steps.count("read") == 5
