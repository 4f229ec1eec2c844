"""The small network against the plain reference; the full one against published costs."""

import json

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from piqa_cli.errors import MissingPartError
from piqa_cli.models.bdvqa.network import BUNDLE_FORMAT, Bdvqa, build, full_size
from piqa_cli.models.blocks.swin import SWIN_B
from piqa_cli.models.catalogue import MODELS
from tests.models.reference.bdvqa import crop_score, eighteen_crops
from tests.models.reference.checkpoints import parameter

SIZES = {
    "swin": {
        "embed_dim": 16,
        "depths": [2, 2, 2, 2],
        "num_heads": [1, 2, 4, 8],
        "window_size": 12,
    },
    "hidden": 8,
}

pytestmark = pytest.mark.usefixtures("one_thread")

SWIN_L = {**SWIN_B, "embed_dim": 192, "num_heads": [6, 12, 24, 48]}


def noise(sizes):
    with torch.device("meta"):
        shapes = {name: tuple(t.shape) for name, t in Bdvqa(sizes).state_dict().items()}
    return {name: torch.from_numpy(parameter(name, shape)) for name, shape in shapes.items()}


@pytest.fixture(scope="module")
def state():
    return noise(SIZES)


@pytest.fixture(scope="module")
def model(state):
    return build(state, {"format": BUNDLE_FORMAT, "sizes": json.dumps(SIZES)})


def crops_of(model, image):
    return torch.from_numpy(model.views(image, None)["crops"])[None]


def test_crops_equal_those_of_the_plain_reference(model, texture):
    image = texture(1, size=(480, 360))
    np.testing.assert_array_equal(crops_of(model, image)[0], list(eighteen_crops(image)))


def test_scores_equal_the_plain_reference(model, state, texture):
    crops = crops_of(model, texture(1, size=(480, 360)))[:, [0, 17]]
    with torch.inference_mode():
        expected = [crop_score(crop.numpy(), state) for crop in crops[0]]
        scores = model({"crops": crops}).scores[0]
    np.testing.assert_allclose(scores, expected, rtol=1e-5, atol=1e-5)
    assert np.std(expected) > 0.01


def test_every_tensor_learns(model, texture):
    crops = crops_of(model, texture(2))[:, :2]
    model.score_crops(crops).sum().backward()
    assert all(p.grad is not None and bool(p.grad.abs().sum() > 0) for p in model.parameters())
    model.zero_grad()


def test_half_precision_does_not_round_the_scores(model, texture):
    crops = crops_of(model, texture(3))[:, :2]
    with torch.autocast("cpu", dtype=torch.bfloat16), torch.inference_mode():
        scores = model.score_crops(crops)
    assert scores.dtype == torch.float32
    assert not torch.equal(scores, scores.bfloat16().float())


def test_weights_of_another_format_are_refused():
    with pytest.raises(MissingPartError, match=r"format None.*train model bdvqa"):
        MODELS["bdvqa"].build({}, {})


def test_costs_of_the_full_network():
    with torch.device("meta"):
        model, large = full_size().eval(), Bdvqa({"swin": SWIN_L, "hidden": 128})
        crops = torch.empty((1, 1, 384, 384, 3), dtype=torch.uint8)
    with FlopCounterMode(display=False) as counter:
        model.score_crops(crops)
    swin_b, swin_l = (sum(p.numel() for p in m.swin.parameters()) / 1e6 for m in (model, large))
    assert (swin_b, swin_l) == pytest.approx((86.9, 195.2), rel=1e-3)
    assert 9 * swin_b == pytest.approx(MODELS["bdvqa"].published.parameters_m, rel=0.02)
    assert counter.get_total_flops() / 2e9 == pytest.approx(47.1, rel=0.01)


@pytest.mark.full_size
def test_the_full_network_scores_a_photograph(texture):
    sizes = {"swin": {**SIZES["swin"], "embed_dim": 128, "depths": [2, 2, 18, 2]}, "hidden": 128}
    sizes["swin"]["num_heads"] = [4, 8, 16, 32]
    model = build(noise(sizes), {"format": BUNDLE_FORMAT, "sizes": json.dumps(sizes)})
    with torch.inference_mode():
        scores = model({"crops": crops_of(model, texture(4, size=(1200, 900)))}).scores
    assert scores.shape == (1, 18)
    assert bool(torch.isfinite(scores).all())
