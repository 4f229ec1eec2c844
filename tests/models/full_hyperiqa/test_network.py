"""The small network against the plain reference of `reference/`, which knows no piqa_cli."""

import json

import numpy as np
import pytest
import torch

from piqa_cli.models.catalogue import MODELS
from tests.models.reference import scene_networks as reference


@pytest.fixture(scope="module")
def states():
    return reference.states(reference.SIZES)


def build(states, **changed):
    sizes = json.dumps(reference.SIZES | changed)
    return MODELS["full-hyperiqa"].build(states[2], {"format": "full-hyperiqa/1", "sizes": sizes})


def stacked(network):
    views = [network.views(image, None)["patches"] for image in reference.pictures()]
    return {"patches": torch.from_numpy(np.stack(views))}


@pytest.mark.parametrize("kept", [1, 2, 4])
def test_scores_equal_equation_1(kept, states):
    network = build(states, kept=kept)
    views = stacked(network)
    with torch.inference_mode():
        scores = network(views).scores
    for photo, patches in enumerate(views["patches"]):
        expected, *_ = reference.expected(patches, *states[:2], kept=kept)
        np.testing.assert_allclose(scores[photo], [expected], rtol=1e-5)


def test_mixing_differs_from_rescaling_for_mixed_scenes(states):
    network = build(states)
    with torch.inference_mode():
        output = network(stacked(network))
        sem, *_ = reference.expected(stacked(network)["patches"][0], *states[:2])
    assert abs(float(output.scores[0, 0]) - sem) > 1e-3


def test_in_training_the_true_scene_alone_rescales(states):
    network, one_hot = build(states), torch.eye(reference.SCENES)[[3, 1]]
    with torch.inference_mode():
        output = network.forward_training(stacked(network), one_hot)
        slope, offset = network.rescale(one_hot).T
    expected = slope * output.extras["pre_scores"].mean(dim=1) + offset
    torch.testing.assert_close(output.scores[:, 0], expected)


def test_more_scenes_kept_than_there_are_is_all_of_them(states):
    few, many = build(states, kept=reference.SCENES), build(states, kept=25)
    with torch.inference_mode():
        assert torch.equal(few(stacked(few)).scores, many(stacked(many)).scores)
