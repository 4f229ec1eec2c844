"""SEM- and FULL-HyperIQA at full size: generated weights, saved, loaded, one photo scored."""

import json

import numpy as np
import pytest
import torch

from piqa_cli.models.full_hyperiqa.network import SIZES
from piqa_cli.weights.load import load_network
from piqa_cli.weights.save import save_bundle
from tests.models.reference import hyperiqa as reference
from tests.models.reference.scene_networks import states

pytestmark = pytest.mark.full_size


@pytest.fixture(scope="module")
def weights():
    return states(SIZES)


@pytest.fixture(scope="module")
def photo():
    return np.random.default_rng(0).integers(0, 256, (1800, 1350, 3), np.uint8)


@pytest.fixture(scope="module")
def plain(weights, photo):
    """Scores before rescaling and scene logits of the middle 1344 px, by the plain reference."""
    with torch.inference_mode():
        pre_scores, features = reference.hyper(photo[None, 228:-228, 3:-3], weights[0], 6)
        return pre_scores, reference.scene_logits(features, weights[1])


@pytest.mark.parametrize("name", ["sem-hyperiqa", "full-hyperiqa"])
def test_generated_weights_score_a_photo(name, weights, photo, plain, tmp_path):
    metadata = {"format": f"{name}/1", "sizes": json.dumps(SIZES)}
    network = load_network(save_bundle(weights[2], metadata, model=name, folder=tmp_path))
    patches = network.views(photo, None)["patches"]
    with torch.inference_mode():
        found = network({"patches": torch.from_numpy(patches)[None]})
    expected = {
        "sem-hyperiqa": reference.sem_score(*plain, weights[1]),
        "full-hyperiqa": reference.full_score(*plain, weights[1], SIZES["kept"]),
    }
    np.testing.assert_allclose(found.scores, [[expected[name]]], rtol=1e-4)
    np.testing.assert_allclose(found.extras["scene_logits"][0], plain[1], rtol=1e-3, atol=1e-3)
