"""MoNet gives the scores of a plain calculation, and both of its heads learn."""

import json

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from piqa_cli.errors import MissingPartError
from piqa_cli.models.catalogue import model_of
from piqa_cli.models.monet.network import BUNDLE_FORMAT, FULL_SIZE, build, full_size
from piqa_cli.score.scorer import Scorer
from piqa_cli.weights.load import load_network
from piqa_cli.weights.save import save_bundle
from tests.models.reference.monet import monet


def photos(count=2, side=40):
    pixels = np.random.default_rng(3).integers(0, 256, (count, 1, side, side, 3), np.uint8)
    return {"photo": torch.from_numpy(pixels)}


def test_scores_and_scenes_are_those_of_a_plain_calculation(tiny_monet):
    state, metadata = tiny_monet
    views = photos()
    with torch.inference_mode():
        output = build(state, metadata).forward(views)
    assert output.scores.shape == (2, 1)
    for photo in range(2):
        score, scene = monet(state, views["photo"][photo, 0], heads=2, wanted=[0, 1, 3], mals=2)
        torch.testing.assert_close(output.scores[photo].double(), score, rtol=1e-5, atol=1e-6)
        found = output.extras["scene_logits"][photo].double()
        torch.testing.assert_close(found, scene, rtol=1e-5, atol=1e-6)


def test_a_photo_becomes_one_view_whatever_its_size(tiny_monet):
    model = build(*tiny_monet)
    for shape in ((90, 60, 3), (50, 200, 3)):
        views = model.views(np.full(shape, 9, np.uint8), None)
        assert views["photo"].shape == (1, 40, 40, 3)
        assert np.all(views["photo"] == 9)


def learned(model):
    """Parameters that move an output: a key's bias moves all of a query's products alike."""
    return [p for name, p in model.named_parameters() if not name.endswith("key.bias")]


def test_training_reaches_both_heads_and_every_part(tiny_monet):
    model = build(*tiny_monet).train()
    scores, logits = model.forward_training(photos())
    assert (scores.shape, logits.shape) == ((2,), (2, 3))
    (scores.sum() + logits.sum()).backward()
    assert all(p.grad is not None and p.grad.any() for p in learned(model))


def test_weights_are_loaded_strictly(tiny_monet):
    state, metadata = tiny_monet
    with pytest.raises(RuntimeError, match="Missing key"):
        build({n: t for n, t in state.items() if n != "scene.bias"}, metadata)
    with pytest.raises(MissingPartError, match="train model monet"):
        build(state, {**metadata, "format": "monet/0"})


def test_the_costs_are_the_published_ones():
    with torch.device("meta"):
        model = full_size().eval()
        with FlopCounterMode(display=False) as counter:
            model.forward({"photo": torch.empty(1, 1, 384, 384, 3, dtype=torch.uint8)})
    parameters_m = sum(p.numel() for p in model.parameters()) / 1e6
    assert parameters_m == pytest.approx(model_of("monet").published.parameters_m, rel=0.01)
    # The ViT's 49.3 stand for its layers; its attention products are 6.1 more. A MAL has 36.1, the
    # fusion of five maps 54.0; block and CNN follow from their sizes.
    rest = 576 * 12 * 768**2 + 2 * 576**2 * 768 + 20**2 * 25 * 768 * 256 + 64 * 9 * 256 * 128
    expected = 49.3 + 6.1 + 5 * 36.1 + 54.0 + rest / 1e9
    assert counter.get_total_flops() / 2e9 == pytest.approx(expected, rel=0.01)


@pytest.mark.full_size
def test_full_size_weights_load_and_score_a_photo(tmp_path):
    metadata = {"format": BUNDLE_FORMAT, "sizes": json.dumps(FULL_SIZE)}
    bundle = save_bundle(full_size().state_dict(), metadata, model="monet", folder=tmp_path)
    scorer = Scorer(load_network(bundle), device=torch.device("cpu"))
    photo = np.random.default_rng(1).integers(0, 256, (800, 600, 3), np.uint8)
    (prediction,) = scorer.score([scorer.views(photo, None)])
    assert np.isfinite(prediction.score)
