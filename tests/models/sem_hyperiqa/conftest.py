"""The small SEM-HyperIQA with generated weights."""

import json
from types import SimpleNamespace

import pytest

from piqa_cli.models.catalogue import MODELS
from tests.models.reference.scene_networks import SIZES, states


@pytest.fixture(scope="session")
def small_sem():
    sizes = {name: size for name, size in SIZES.items() if name != "kept"}
    authors, scenes, ours = states(sizes)
    metadata = {"format": "sem-hyperiqa/1", "sizes": json.dumps(sizes)}
    network = MODELS["sem-hyperiqa"].build(ours, metadata)
    return SimpleNamespace(network=network, authors=authors, scenes=scenes, ours=ours)
