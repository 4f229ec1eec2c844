"""The small network against the plain reference; the full one against published costs."""

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from piqa_cli.models.catalogue import MODELS
from piqa_cli.models.musiq.network import full_size
from piqa_cli.weights.importing import import_weights
from piqa_cli.weights.load import load_network
from tests.models.reference import musiq as reference

pytestmark = pytest.mark.usefixtures("one_thread")


def imported(folder, state):
    torch.save({"params": state}, folder / "musiq_test_ckpt.pth")
    return load_network(import_weights("musiq", [folder / "musiq_test_ckpt.pth"], folder=folder))


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return imported(tmp_path_factory.mktemp("musiq"), reference.state())


def forward(model, *images):
    views = [model.views(image, None) for image in images]
    with torch.inference_mode():
        return model({n: torch.from_numpy(np.stack([v[n] for v in views])) for n in views[0]})


@pytest.mark.parametrize("size", [(96, 72), (64, 200)])
def test_scores_equal_the_plain_reference(model, texture, size):
    image = texture(1, size=size)
    with torch.inference_mode():
        expected = reference.score(image, reference.state())
    np.testing.assert_allclose(forward(model, image).scores, [[expected]], rtol=1e-5)


def test_padding_does_not_change_a_score(model, texture):
    images = [texture(1, size=(96, 72)), texture(2, size=(64, 200))]
    both = forward(model, *images).scores
    for image, score in zip(images, both, strict=True):
        np.testing.assert_allclose(forward(model, image).scores[0], score, rtol=1e-5)
    assert abs(float(both[0] - both[1])) > 1e-3


def test_shares_of_opinions_become_their_mean(tmp_path, texture):
    state = reference.state(outputs=10)
    image = texture(3, size=(64, 64))
    with torch.inference_mode():
        expected = reference.score(image, state)
    scores = forward(imported(tmp_path, state), image).scores
    np.testing.assert_allclose(scores, [[expected]], rtol=1e-5)
    assert 1 < expected < 10


def test_half_precision_does_not_round_the_score(model, texture):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = forward(model, texture(1, size=(96, 72))).scores
    assert scores.dtype == torch.float32
    assert not torch.equal(scores, scores.bfloat16().float())


def test_costs_of_the_full_network():
    patches = 50 * 38 + 49 + 144  # of 1600 x 1200 px, which were measured at 118 GMAC
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        model = full_size()
        numbers = torch.zeros(1, patches, dtype=torch.long)
        pixels = torch.empty(1, patches, 32, 32, 3)
        model({"patches": pixels, "positions": numbers, "scales": numbers, "mask": numbers == 0})
    found = sum(parameter.numel() for parameter in model.parameters()) / 1e6
    assert found == pytest.approx(MODELS["musiq"].published.parameters_m, rel=0.01)
    assert counter.get_total_flops() / 2e9 == pytest.approx(118, rel=0.01)


@pytest.mark.full_size
@pytest.mark.parametrize("outputs", [1, 10])
def test_a_full_file_scores_a_photograph(outputs, tmp_path, texture):
    model = imported(tmp_path, reference.state(reference.FULL, outputs=outputs))
    assert bool(torch.isfinite(forward(model, texture(4, size=(1200, 1600))).scores).all())
