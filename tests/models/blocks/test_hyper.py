"""The hyper network: widths at every patch rate, heads that are all drawn, one crop alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from piqa_cli.models.blocks.hyper import HyperNet, target_scores
from tests.models.reference import hyperiqa as reference


@pytest.mark.parametrize("rate", [1, 2])
def test_scores_equal_the_plain_reference(rate):
    state = reference.noise(reference.shapes(**reference.TINY, rate=rate))
    network = HyperNet(**reference.TINY, patch_rate=rate).eval()
    network.load_state_dict(reference.renamed(state, 2), strict=True)
    crops = np.random.default_rng(0).integers(0, 256, (2, 224 * rate, 224 * rate, 3), np.uint8)
    pixels = torch.from_numpy(crops).permute(0, 3, 1, 2) / 255
    mean, std = (torch.tensor(v)[:, None, None] for v in (reference.MEAN, reference.STD))
    with torch.inference_mode():
        scores, features = network((pixels - mean) / std)
        expected, expected_features = reference.hyper(crops, state, rate)
    np.testing.assert_allclose(scores, expected, rtol=1e-5)
    np.testing.assert_allclose(features, expected_features, rtol=1e-4, atol=1e-4)


def test_a_single_crop_keeps_its_axis():
    vector, weights, biases = torch.ones(1, 2), [torch.ones(1, 1, 2)], [torch.ones(1, 1)]
    assert target_scores(vector, weights, biases).tolist() == [3.0]


def test_only_the_last_layer_is_linear():
    weights, biases = [torch.ones(2, 1, 1)] * 2, [torch.zeros(2, 1)] * 2
    found = target_scores(torch.tensor([[0.0], [100.0]]), weights, biases)
    assert found.tolist() == [0.5, 1.0]


def test_every_head_is_drawn_alike():
    """A loop over positions in the module list leaves one out where modules come or go."""
    torch.manual_seed(0)
    network = HyperNet(width=16, depths=(1, 1, 1, 1), target=112, patch_rate=1)
    heads = [network.local, network.weights, network.biases]
    drawn = [p for head in heads for n, p in head.named_parameters() if n.endswith("weight")]
    assert len(drawn) == 7 + 5 + 5
    for weight in (weight for weight in drawn if weight.numel() > 500):
        expected = math.sqrt(2 / weight[0].numel())
        assert float(weight.detach().std()) == pytest.approx(expected, rel=0.1)
