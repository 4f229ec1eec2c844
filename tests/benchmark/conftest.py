import pytest
import torch

from piqa_cli.benchmark.random_weights import random_weights
from piqa_cli.models.dn_piqa.network import build
from piqa_cli.score.scorer import Scorer

_SWIN = {"embed_dim": 16, "depths": [2, 2, 2, 2], "num_heads": [1, 2, 4, 8], "window_size": 12}
_VISUAL = {
    "image_size": 224,
    "patch_size": 32,
    "width": 64,
    "layers": 1,
    "heads": 1,
    "output_dim": 16,
}
SMALL = {"full": _SWIN, "face": _SWIN, "visual": _VISUAL, "hidden": 8, "prompts": 495}


@pytest.fixture(scope="session")
def small():
    """dn-piqa with few channels and random weights."""
    return build(*random_weights("dn-piqa", SMALL))


@pytest.fixture(scope="session")
def small_scorer(small):
    return Scorer(small, device=torch.device("cpu"))
