"""Generated weights of the published size score one photo: 60 patches, a minute."""

import json
import math

import pytest
import torch
from skimage import data

from piqa_cli.models.sar.network import FULL_SIZES
from piqa_cli.score.scorer import load_scorer
from piqa_cli.weights.save import save_bundle
from tests.models.reference.sar import patches, score, state

pytestmark = pytest.mark.full_size


def test_published_size_loads_and_scores(tmp_path):
    tensors = state(FULL_SIZES)
    metadata = {"format": "sar/1", "sizes": json.dumps(FULL_SIZES)}
    bundle = save_bundle(tensors, metadata, model="sar", folder=tmp_path)
    scorer = load_scorer(bundle, compute="cpu")
    image = data.astronaut()
    found = scorer.score([scorer.views(image, None)])[0]
    assert math.isfinite(found.score)
    last = patches(image)[29]
    with torch.inference_mode():
        expected = score(tensors, last, last)[2]
    assert found.view_scores[29] == pytest.approx(expected, rel=1e-4)
