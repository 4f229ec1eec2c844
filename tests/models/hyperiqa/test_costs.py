"""Parameters and multiply-accumulates of the three HyperIQAs at full size, beside the published."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from piqa_cli.models.catalogue import MODELS

PHOTO = {
    "hyperiqa": {"crops": (1, 25, 224, 224, 3)},
    "sem-hyperiqa": {"patches": (1, 1, 1344, 1344, 3)},
    "full-hyperiqa": {"patches": (1, 1, 1344, 1344, 3)},
}


@pytest.mark.parametrize("name", PHOTO)
def test_costs_are_the_published_ones(name):
    published = MODELS[name].published
    with torch.device("meta"), torch.inference_mode(), FlopCounterMode(display=False) as counter:
        network = MODELS[name].full_size()
        views = {view: torch.zeros(s, dtype=torch.uint8) for view, s in PHOTO[name].items()}
        network(views)
    millions = sum(parameter.numel() for parameter in network.parameters()) / 1e6
    assert millions == pytest.approx(published.parameters_m, rel=0.001)
    assert counter.get_total_flops() / 2e9 == pytest.approx(published.gmac, rel=0.01)
    assert published.note == ""
