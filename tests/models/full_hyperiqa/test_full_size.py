"""SEM- and FULL-HyperIQA at full size: generated weights, saved, loaded, one photo scored."""

import json

import numpy as np
import pytest
import torch

from piqa_cli.models.full_hyperiqa.network import SIZES
from piqa_cli.weights.load import load_network
from piqa_cli.weights.save import save_bundle
from tests.models.reference import scene_networks as reference

pytestmark = pytest.mark.full_size


@pytest.mark.parametrize("name", ["sem-hyperiqa", "full-hyperiqa"])
def test_generated_weights_score_a_photo(name, tmp_path):
    authors, scenes, ours = reference.states(SIZES)
    metadata = {"format": f"{name}/1", "sizes": json.dumps(SIZES)}
    network = load_network(save_bundle(ours, metadata, model=name, folder=tmp_path))
    photo = np.random.default_rng(0).integers(0, 256, (1800, 1350, 3), np.uint8)
    patches = network.views(photo, None)["patches"]
    kept = SIZES["kept"] if name == "full-hyperiqa" else None
    with torch.inference_mode():
        found = network({"patches": torch.from_numpy(patches)[None]})
        expected, _, logits = reference.expected(patches, authors, scenes, kept=kept, rate=6)
    np.testing.assert_allclose(found.scores, [[expected]], rtol=1e-4)
    np.testing.assert_allclose(found.extras["scene_logits"][0], logits, rtol=1e-3, atol=1e-3)
