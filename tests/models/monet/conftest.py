"""A small MoNet whose every tensor has an effect."""

import json

import pytest
import torch

from piqa_cli.models.monet.network import BUNDLE_FORMAT, MoNet

TINY = {
    "vit": {"side_px": 40, "patch_px": 2, "width": 16, "depth": 4, "heads": 2},
    "blocks": [0, 1, 3],
    "mals": 2,
    "cnn": [6, 5, 4],
    "scenes": 3,
}


@pytest.fixture(scope="session")
def tiny_monet():
    """State and metadata of weights, as `build` takes them."""
    torch.manual_seed(7)
    state = MoNet(TINY).state_dict()
    for name, tensor in state.items():
        if name.endswith(("gamma", "running_mean", "running_var")):
            tensor.uniform_(0.5, 1.5)
    return state, {"format": BUNDLE_FORMAT, "sizes": json.dumps(TINY)}
