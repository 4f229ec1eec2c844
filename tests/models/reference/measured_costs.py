"""Parameters and multiply-accumulates of a network, counted without numbers."""

from __future__ import annotations

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

PICTURE = np.random.default_rng(4).integers(0, 256, (700, 900, 3), dtype=np.uint8)


def measured(model):
    """(millions of parameters, GMAC of one photo) of a `Model`; products of attention count."""
    with torch.device("meta"):
        network = model.full_size().eval()
    views = network.views(PICTURE, (200.0, 100.0, 600.0, 650.0))
    views = {name: torch.from_numpy(view)[None].to("meta") for name, view in views.items()}
    with FlopCounterMode(display=False) as counter:
        network.forward(views)
    millions = sum(tensor.numel() for tensor in network.state_dict().values()) / 1e6
    return millions, counter.get_total_flops() / 2e9
