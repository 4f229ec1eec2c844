"""Every model learns an order that no fresh network has, on scenes that it doesn't train on."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from PIL import Image

from piqa_cli.models.catalogue import spec_of
from piqa_cli.train.agreement import agreement
from piqa_cli.train.material import hold_out
from piqa_cli.train.ratings import read_ratings
from piqa_cli.train.zoo.options import ZooSettings
from piqa_cli.train.zoo.recipe import changed
from piqa_cli.train.zoo.recipes import RECIPES
from piqa_cli.train.zoo.run import train_model
from piqa_cli.train.zoo.start import start_network, teaching_of
from piqa_cli.weights.load import load_network, load_tensors
from piqa_cli.weights.store import Bundle
from tests.train.zoo.conftest import SIZES

torch.set_num_threads(1)
SHARE = 0.25  # one scene of four
FAST = {"schedule": "constant", "warmup_epochs": 0, "weight_decay": 0.0}
LEARNS = {
    "rq-net": {"epochs": 1, "repeats": 16, "scenes": 1, "captures": 6, "average": 0.9,
               "head_rate": 1e-2, "backbone_rate": 1e-3},
    "hyperiqa": {"epochs": 2, "repeats": 3, "scenes": 8, "head_rate": 1e-2, "backbone_rate": 3e-3},
    "sem-hyperiqa": {"epochs": 4, "scenes": 6, "head_rate": 1e-2, "backbone_rate": 3e-3},
    "full-hyperiqa": {"epochs": 4, "scenes": 6, "head_rate": 1e-2, "backbone_rate": 3e-3},
    "monet": {"epochs": 2, "repeats": 6, "scenes": 6, "scene_weight": 0.1, "head_rate": 5e-3,
              "backbone_rate": 1e-3},
    "sar": {"epochs": 4, "scenes": 6, "head_rate": 3e-3, "backbone_rate": 1e-3},
    "bdvqa": {"epochs": 1, "repeats": 3, "scenes": 2, "captures": 6, "head_rate": 1e-2,
              "backbone_rate": 2e-3},
}  # fmt: skip


def settings_of(name, out, manifest):
    recipe = changed(RECIPES[name].recipe, {**FAST, **LEARNS[name]}, where="test")
    return ZooSettings(
        name, out, recipe, captures=manifest, sizes=SIZES[name], validation_share=SHARE,
        compute="cpu", seed=1 if name == "monet" else 0,  # its first start is right by luck
    )  # fmt: skip


def srcc_held_out(model, manifest):
    """Spearman's correlation on the held-out scene, by views as `rank` cuts them."""
    held_out = hold_out(read_ratings(manifest), SHARE).validation
    scores = []
    for rated in held_out:
        box = rated.capture.given_face
        face = None if box is None else (box.x0, box.y0, box.x1, box.y1)
        views = model.views(np.array(Image.open(rated.capture.file)), face)
        batch = {name: torch.from_numpy(array)[None] for name, array in views.items()}
        with torch.inference_mode():
            scores.append(float(model.eval()(batch).scores.double().mean()))
    return agreement(np.array(scores), held_out)[0]


@pytest.mark.parametrize("name", LEARNS)
def test_it_learns_within_scene_and_its_bundle_scores_the_same(name, simulated, tmp_path):
    settings = settings_of(name, tmp_path, simulated)
    fresh, _ = start_network(teaching_of(settings, scenes=3), settings)
    before = srcc_held_out(fresh, simulated)
    lines = []
    result = train_model(settings, quiet=True, show=lines.append)
    network = load_network(Bundle(name, result.weights, result.sha256))
    after = srcc_held_out(network, simulated)
    assert result.weights == tmp_path / f"{name}.safetensors"
    assert after == pytest.approx(result.validation_srcc)
    assert before < 0.4
    assert after >= max(0.7, before + 0.5)
    assert any(line.startswith("WARNING: RANDOM START") for line in lines)
    _, metadata = load_tensors(Bundle(name, result.weights, result.sha256))
    assert metadata["preprocessing"] == spec_of(name).preprocessing
    assert len(json.loads(metadata["scenes"])) == 3
    assert json.loads(metadata["recipe"])["head_rate"] == LEARNS[name]["head_rate"]
