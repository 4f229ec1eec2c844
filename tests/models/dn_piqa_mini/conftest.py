from __future__ import annotations

import pytest
import torch
from torch import nn

from piqa_cli.models.dn_piqa_mini.network import DnPiqaMini


@pytest.fixture(scope="session")
def model() -> DnPiqaMini:
    """A network with random weights that keep what its layers compute from fading away."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        fresh = DnPiqaMini().eval()
        for layer in fresh.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    return fresh
