from __future__ import annotations

import json

import pytest

from piqa_cli.weights.save import save_bundle
from piqa_cli.weights.store import sha256_of


@pytest.fixture(scope="session")
def weights(network, tmp_path_factory):
    """Writes a weights file: weights(seen=CSVs, fold="2")."""

    def write(*, seen=(), fold=""):
        known = {sha256_of(table): {"name": table.stem, "captures": 18} for table in seen}
        metadata = {"seen": json.dumps(known), "fold": fold}
        state = {name: value.half().contiguous() for name, value in network.state_dict().items()}
        folder = tmp_path_factory.mktemp("weights")
        return save_bundle(state, metadata, model="dn-piqa-mini", folder=folder).path

    return write


@pytest.fixture(scope="session")
def fresh(weights):
    """Weights that have seen nothing; one file, so that its model is loaded once."""
    return weights()
