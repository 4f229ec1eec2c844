"""Scenes: logits, slopes and offsets, and the mixing of the likeliest."""

from __future__ import annotations

import pytest
import torch

from piqa_cli.models.blocks.scene_columns import SCENE_COLUMNS
from piqa_cli.models.blocks.scenes import Rescale, SceneClassifier, likeliest, scene_verdict


@pytest.mark.parametrize("scenes", [4, 9])  # fewer and more than columns of the map
def test_logits_of_photographs_come_from_their_own_patches(scenes):
    torch.manual_seed(0)
    classifier = SceneClassifier(6, patches=2, scenes=scenes, hidden=8)
    maps = torch.rand(3, 2, 6, 7, 7)
    logits = classifier(maps)
    assert logits.shape == (3, scenes)
    torch.testing.assert_close(classifier(maps[1:2])[0], logits[1])
    assert not torch.allclose(classifier(maps.flip(1)), logits)


def test_layers_are_as_many_as_published():
    classifier, rescale = SceneClassifier(6, patches=2, scenes=4, hidden=8), Rescale(4, hidden=5)
    widths = [
        [p.shape[0] for p in net.parameters() if p.ndim == 1] for net in (classifier, rescale)
    ]
    assert widths == [[8, 8, 4], [5, 5, 5, 2]]


def test_slopes_of_each_scene_are_those_of_its_one_hot():
    rescale = Rescale(3, hidden=5)
    each = rescale.of_each_scene(torch.zeros(1))
    torch.testing.assert_close(each[1], rescale(torch.tensor([[0.0, 1.0, 0.0]]))[0])


def test_the_likeliest_scenes_share_all_weight():
    weights = torch.tensor([[0.5, 0.3, 0.2]])
    torch.testing.assert_close(likeliest(weights, 2), torch.tensor([[0.625, 0.375, 0.0]]))
    torch.testing.assert_close(likeliest(weights, 5), weights)


def test_the_verdict_names_the_likeliest_scene():
    verdict = scene_verdict(torch.tensor([0.0, 2.0, 0.0]))
    assert verdict == {"scene_class": 1, "scene_probability": pytest.approx(0.78699, abs=1e-5)}
    assert list(verdict) == [column.name for column in SCENE_COLUMNS]
