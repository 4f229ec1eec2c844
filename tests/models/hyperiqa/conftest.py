"""Small stand-ins of both published files of HyperIQA, and what their import gives."""

import numpy as np
import pytest
import torch

from piqa_cli.models.catalogue import MODELS
from piqa_cli.weights.importing import import_weights
from piqa_cli.weights.load import load_tensors
from tests.models.reference import hyperiqa as reference


@pytest.fixture(scope="session")
def authors_state():
    return reference.noise(reference.shapes(**reference.TINY))


@pytest.fixture(scope="session")
def bundles(authors_state, tmp_path_factory):
    """Tensors and metadata of the bundle of either file, through the real import."""
    folder = tmp_path_factory.mktemp("hyperiqa")
    torch.save(authors_state, folder / "koniq_pretrained.pkl")
    torch.save({"params": reference.renamed(authors_state, 1)}, folder / "reimplementation.pth")
    files = {"authors": "koniq_pretrained.pkl", "reimplementation": "reimplementation.pth"}
    return {
        layout: load_tensors(
            import_weights("hyperiqa", [folder / file], folder=folder / layout),
        )
        for layout, file in files.items()
    }


@pytest.fixture(scope="session")
def networks(bundles):
    return {layout: MODELS["hyperiqa"].build(*bundle) for layout, bundle in bundles.items()}


@pytest.fixture(scope="session")
def picture():
    return np.random.default_rng(0).integers(0, 256, (640, 480, 3), np.uint8)
