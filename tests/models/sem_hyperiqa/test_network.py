"""The small network against the plain reference of `reference/`, which knows no piqa_cli."""

import copy

import numpy as np
import pytest
import torch

from piqa_cli.errors import MissingPartError, PiqaError
from piqa_cli.models.catalogue import MODELS
from piqa_cli.weights.importing import import_weights
from tests.models.reference import scene_networks as reference
from tests.models.reference.hyperiqa import mlp


def stacked(network, *images):
    views = [network.views(image, None)["patches"] for image in images]
    return {"patches": torch.from_numpy(np.stack(views))}


def test_scores_equal_the_plain_reference(small_sem):
    images = reference.pictures()
    views = stacked(small_sem.network, *images)
    with torch.inference_mode():
        output = small_sem.network(views)
    for photo, patches in enumerate(views["patches"]):
        score, pre, logits = reference.expected(patches, small_sem.authors, small_sem.scenes)
        np.testing.assert_allclose(output.scores[photo], [score], rtol=1e-5)
        np.testing.assert_allclose(output.extras["pre_scores"][photo], pre, rtol=1e-5)
        np.testing.assert_allclose(output.extras["scene_logits"][photo], logits, rtol=1e-4)
        assert np.ptp(pre) > 1e-3  # the patches differ, so their order is tested


def test_patches_of_one_photograph_stay_together(small_sem):
    """Grouped the other way, two photographs of two patches exchange a patch each."""
    first, second = reference.pictures()
    with torch.inference_mode():
        both = small_sem.network(stacked(small_sem.network, first, second))
        alone = small_sem.network(stacked(small_sem.network, second))
    torch.testing.assert_close(both.scores[1], alone.scores[0], rtol=1e-5, atol=0)
    assert float((both.scores[0] - both.scores[1]).abs()) > 1e-3
    assert alone.scores.shape == (1, 1)


def test_in_training_the_true_scene_rescales(small_sem):
    views = stacked(small_sem.network, *reference.pictures())
    one_hot = torch.eye(reference.SCENES)[[2, 0]]
    with torch.inference_mode():
        output = small_sem.network.forward_training(views, one_hot)
        predicted = small_sem.network(views)
    for photo in range(2):
        a, b = mlp(one_hot[photo].double(), small_sem.scenes, "rescale.layers.", 4).tolist()
        expected = a * float(output.extras["pre_scores"][photo].mean()) + b
        assert float(output.scores[photo, 0]) == pytest.approx(expected, rel=1e-5)
    torch.testing.assert_close(output.extras["scene_logits"], predicted.extras["scene_logits"])


def test_losses_reach_every_part(small_sem):
    network = copy.deepcopy(small_sem.network).requires_grad_()
    output = network.forward_training(stacked(network, *reference.pictures()), None)
    (output.scores.sum() + output.extras["scene_logits"].square().sum()).backward()
    parts = ("hyper.backbone.conv1", "hyper.weights.0", "scenes.layers.0", "rescale.layers.0")
    gradients = {name: p.grad for name, p in network.named_parameters()}
    assert all(float(gradients[f"{part}.weight"].abs().sum()) > 0 for part in parts)


def test_the_scene_explains_the_score(small_sem):
    with torch.inference_mode():
        output = small_sem.network(stacked(small_sem.network, *reference.pictures()))
    found = small_sem.network.explain(output, 1)
    probabilities = output.extras["scene_logits"][1].softmax(dim=0)
    assert found["scene_class"] == int(probabilities.argmax())
    assert found["scene_probability"] == pytest.approx(float(probabilities.max()))


def test_a_bundle_of_another_format_is_refused(small_sem):
    with pytest.raises(MissingPartError, match="make them again with `piqa-cli train model sem-"):
        MODELS["sem-hyperiqa"].build(small_sem.ours, {"format": "full-hyperiqa/1"})


def test_there_is_nothing_to_import(tmp_path):
    with pytest.raises(PiqaError, match="nobody publishes weights of sem-hyperiqa: train your own"):
        import_weights("sem-hyperiqa", [], folder=tmp_path)
