"""Small stand-ins of the authors' files."""

import pytest
import torch

from tests.models.reference.dsl_fiqa_files import TINY, states


@pytest.fixture(scope="session")
def tiny_states():
    """States of DE.pt and IQA.pt."""
    return states(TINY)


@pytest.fixture
def save(tmp_path):
    """Writes states as DE.pt and IQA.pt: save(encoder, body) -> files."""

    def write(encoder, body):
        files = [tmp_path / "DE.pt", tmp_path / "IQA.pt"]
        for state, file in zip((encoder, body), files, strict=True):
            torch.save(state, file)
        return files

    return write
