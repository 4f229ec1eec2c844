"""The small network against the plain reference of `reference/`, which knows no piqa_cli."""

import numpy as np
import pytest
import torch

from piqa_cli.errors import MissingPartError
from piqa_cli.models.catalogue import MODELS
from tests.models.reference import hyperiqa as reference


def forward(network, *views):
    crops = torch.from_numpy(np.stack([view["crops"] for view in views]))
    with torch.inference_mode():
        return network({"crops": crops})


@pytest.mark.parametrize("layout", ["authors", "reimplementation"])
def test_scores_equal_the_plain_reference(layout, networks, picture, authors_state):
    views = networks[layout].views(picture, None)
    expected, _ = reference.hyper(views["crops"][::6], authors_state)
    scores = forward(networks[layout], views).scores
    np.testing.assert_allclose(scores[0, ::6], expected, rtol=1e-5)
    assert np.std(expected) > 1e-3  # the crops differ, so their order is tested


def test_one_photograph_keeps_the_axis_of_photographs(networks, picture):
    network = networks["authors"]
    view, other = network.views(picture, None), network.views(picture[::-1].copy(), None)
    both, alone = forward(network, view, other), forward(network, view)
    assert (alone.scores.shape, both.scores.shape) == ((1, 25), (2, 25))
    np.testing.assert_allclose(both.scores[0], alone.scores[0], rtol=1e-5)
    assert network.explain(alone, 0) == {}


def test_half_precision_does_not_round_the_scores(networks, picture):
    views = networks["authors"].views(picture, None)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = forward(networks["authors"], views).scores
    assert scores.dtype == torch.float32
    assert not torch.equal(scores, scores.bfloat16().float())


@pytest.mark.parametrize("changed", [{"format": "hyperiqa/0"}, {"cutting": "random"}])
def test_another_bundle_is_refused(changed, bundles):
    state, metadata = bundles["authors"]
    with pytest.raises(MissingPartError, match="weights import hyperiqa"):
        MODELS["hyperiqa"].build(state, metadata | changed)
