"""Front processes do what this process would do: same boxes, same views, same scores."""

import hashlib
import json
import pickle
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
import torch

from piqa_cli import api
from piqa_cli.errors import MissingPartError
from piqa_cli.models.catalogue import MODELS
from piqa_cli.records import Capture
from piqa_cli.resources import resource_dir
from piqa_cli.score.run import score_captures
from piqa_cli.settings import ScoreSettings

SETTINGS = ScoreSettings(compute="cpu", use_cache=False, face_rule="confident", workers=2)
MINI = "dn-piqa-mini"


@pytest.fixture(scope="module")
def portraits():
    """The captures of the sample set."""
    files = sorted(resource_dir("sample_sets").rglob("*.jpg"))
    assert len(files) > 10
    return [Capture(file.name, file, "", "device") for file in files]


def outcomes(findings):
    return [(r.face, r.prediction, r.facts) for r in findings.results]


def test_scores_of_the_sample_set_are_equal_in_every_process(portraits, one_thread, monkeypatch):
    there = outcomes(score_captures(portraits, SETTINGS))
    monkeypatch.setitem(MODELS, MINI, replace(MODELS[MINI], small=False))
    assert outcomes(score_captures(portraits, SETTINGS)) == there  # views go, scores are made here
    model = api.load_model(MINI, compute="cpu")
    alone = [model.score(capture.file) for capture in portraits[::3]]
    assert alone == [prediction for _, prediction, _ in there[::3]]


@pytest.mark.parametrize("bytes_", [b"", b"something else"])
def test_weights_of_something_else_end_the_run(portraits, tmp_path, bytes_):
    file = tmp_path / "mini.safetensors"
    file.write_bytes(bytes_)
    digest = hashlib.sha256(bytes_).hexdigest()
    (tmp_path / "mini.json").write_text(json.dumps({"model": MINI, "sha256": digest}))
    with pytest.raises(MissingPartError, match=r"mini\.safetensors"):
        score_captures(portraits[:1], replace(SETTINGS, weights=file))


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if model.full_size])
def test_every_model_of_the_package_is_cut_without_its_network(name, texture):
    model = MODELS[name]
    if model.spec.needs_landmarks:
        pytest.skip("cut where the networks are")
    with torch.device("meta"):
        network = model.full_size()
    image, face = texture(3, size=(720, 900)), (300.0, 150.0, 520.0, 420.0)
    there = pickle.loads(pickle.dumps(network.cutter()))(image, face)
    here = network.views(image, face)
    assert list(there) == list(here)
    assert all(np.array_equal(view, here[key]) for key, view in there.items())


def test_cutting_needs_no_torch():
    names = [name for name, model in MODELS.items() if not model.spec.needs_landmarks]
    modules = [f"piqa_cli.models.{name.replace('-', '_')}" for name in names]
    views = [f"{module}.views" for module in modules if find_spec(f"{module}.views")]
    assert len(views) > 8
    lines = [f"import {view}" for view in (*views, "piqa_cli.score.front_process")]
    code = "; ".join([*lines, "import sys", "sys.exit('torch' in sys.modules)"])
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_run_of_small_models_leaves_torch_to_its_processes(portraits):
    code = """
import sys
from pathlib import Path
from piqa_cli.records import Capture
from piqa_cli.score.run import score_captures
from piqa_cli.settings import ScoreSettings
file = Path(sys.argv[1])
settings = ScoreSettings(compute="cpu", use_cache=False, workers=1)
(result,) = score_captures([Capture(file.name, file, "", "device")], settings).results
sys.exit("torch" in sys.modules or not abs(result.score) < 10)
"""
    arguments = [sys.executable, "-c", code, str(portraits[0].file)]
    assert subprocess.run(arguments, check=False).returncode == 0
