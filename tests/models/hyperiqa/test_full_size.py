"""The full network from files of both layouts at full size: imported, loaded, a photo scored."""

import numpy as np
import pytest
import torch

from piqa_cli.weights.importing import import_weights
from piqa_cli.weights.load import load_network
from tests.models.reference import hyperiqa as reference

pytestmark = pytest.mark.full_size


@pytest.mark.parametrize("layout", [0, 1])
def test_generated_weights_score_a_photo(layout, picture, tmp_path):
    state = reference.noise(reference.shapes(**reference.PUBLISHED))
    torch.save(reference.renamed(state, layout) if layout else state, tmp_path / "given.pth")
    network = load_network(import_weights("hyperiqa", [tmp_path / "given.pth"], folder=tmp_path))
    views = network.views(picture, None)
    with torch.inference_mode():
        found = network({"crops": torch.from_numpy(views["crops"])[None]}).scores
        expected, _ = reference.hyper(views["crops"][:3], state)
    assert found.shape == (1, 25)
    np.testing.assert_allclose(found[0, :3], expected, rtol=1e-4)
