"""The small network against the plain reference, scoring and in training."""

import json

import numpy as np
import pytest
import torch
from skimage import data

from piqa_cli.errors import MissingPartError
from piqa_cli.models.catalogue import MODELS
from tests.models.reference import sar
from tests.models.reference.measured_costs import measured

STATE = sar.state()
METADATA = {"format": "sar/1", "sizes": json.dumps(sar.SIZES)}
IMAGE, FACE = data.astronaut(), (150.0, 20.0, 300.0, 250.0)


@pytest.fixture(scope="module")
def model():
    return MODELS["sar"].build(STATE, METADATA)


@pytest.fixture(scope="module")
def views(model):
    """Two pairs of patches of two photos, (2, 2, 224, 224, 3)."""
    cut = model.views(IMAGE, FACE), model.views(IMAGE[:, ::-1].copy(), None)
    chosen = [{name: view[[0, 29]] for name, view in photo.items()} for photo in cut]
    chosen[0]["face"] = chosen[0]["face"][:, ::-1].copy()
    return {n: torch.from_numpy(np.stack([photo[n] for photo in chosen])) for n in chosen[0]}


@torch.inference_mode()
def expected(views, photo, scene=None):
    pairs = zip(views["whole"][photo].numpy(), views["face"][photo].numpy(), strict=True)
    return list(zip(*(sar.score(STATE, *pair, scene) for pair in pairs), strict=True))


@torch.inference_mode()
def test_scores_equal_the_plain_reference(model, views):
    found = model(views)
    for photo in (0, 1):
        _, _, joint, logits = expected(views, photo)
        np.testing.assert_allclose(found.scores[photo], joint, rtol=1e-5, atol=1e-6)
        mean = torch.stack(logits).mean(0)
        np.testing.assert_allclose(found.extras["scene_logits"][photo], mean, rtol=1e-5, atol=1e-6)
        assert np.std(joint) > 1e-4


@torch.inference_mode()
def test_in_training_the_true_scene_chooses_the_regressors(model, views):
    found = model.forward_training(views, torch.tensor([2, 0]))
    for photo, scene in ((0, 2), (1, 0)):
        whole, face, joint, logits = expected(views, photo, scene)
        np.testing.assert_allclose(found.whole[photo], whole, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found.face[photo], face, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found.joint[photo], joint, rtol=1e-5, atol=1e-6)
        logits = torch.stack(logits)
        np.testing.assert_allclose(found.scene_logits[photo], logits, rtol=1e-5, atol=1e-6)


def test_all_but_the_frozen_blocks_learn(views):
    model = MODELS["sar"].build(STATE, METADATA)
    model.freeze()
    found = model.forward_training(views, torch.tensor([1, 1]))
    (found.joint.sum() + found.scene_logits.sum()).backward()
    without = {name for name, tensor in model.named_parameters() if tensor.grad is None}
    frozen = {f"tower.transformer.resblocks.{block}." for block in range(6)}
    assert {name for name in without if not name.startswith(tuple(frozen))} == {
        "tower.class_embedding",
        "tower.positional_embedding",
        "tower.conv1.weight",
        "tower.ln_pre.weight",
        "tower.ln_pre.bias",
    }
    assert "tower.transformer.resblocks.6.ln_1.weight" not in without


def test_half_precision_does_not_round_the_scores(model, views):
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        scores = model(views).scores
    assert scores.dtype == torch.float32
    assert not torch.equal(scores, scores.bfloat16().float())


def test_costs_stand_beside_the_published_ones():
    millions, gmac = measured(MODELS["sar"])
    assert millions == pytest.approx(MODELS["sar"].published.parameters_m, rel=0.01)
    # each of 30 pairs: 10 blocks twice, 3x3 convolutions of 4608, 2304 and 2304 to 768 channels
    blocks = 10 * (197 * 12 * 768**2 + 2 * 197**2 * 768) + 196 * 768 * 3 * 16**2
    convolutions = 196 * 9 * 768 * (4608 + 2304 + 2304)
    assert gmac == pytest.approx(30 * (2 * blocks + convolutions) / 1e9, rel=1e-3)
    assert "published per patch with one pass" in MODELS["sar"].published.note


def test_a_bundle_of_another_format_is_refused():
    with pytest.raises(MissingPartError, match=r"in format 'sar/0'.*piqa-cli train model sar"):
        MODELS["sar"].build(STATE, {"format": "sar/0"})
