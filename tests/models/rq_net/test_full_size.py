"""Full-size stand-ins of both files (1.2 GB) are imported and score one photo."""

import math

import pytest
import torch
from skimage import data

from piqa_cli.score.scorer import load_scorer
from piqa_cli.weights.importing import import_weights
from tests.models.reference.rq_net import FULL, score, state

pytestmark = pytest.mark.full_size


def test_published_sizes_load_and_score(tmp_path):
    states = state(FULL), state(FULL, salt="portrait.")
    assert len(states[0]) == 302 + 8  # tensors of a CLIP and of a head
    files = [tmp_path / "general.pth", tmp_path / "portrait.pth"]
    for file, tensors in zip(files, states, strict=True):
        torch.save(tensors, file)
    scorer = load_scorer(import_weights("rq-net", files, folder=tmp_path), compute="cpu")
    image = data.astronaut()
    found = scorer.score([scorer.views(image, None)])[0]
    with torch.inference_mode():
        expected = score(image, states)
    assert found.view_scores == pytest.approx(expected.scores, rel=1e-4)
    assert math.isfinite(found.score)
