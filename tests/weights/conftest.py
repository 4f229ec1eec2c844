"""The authors' two files at small size, as they were published, and the content of them."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from tests.models.reference.checkpoints import liqe_state, piq_state


@dataclass(frozen=True)
class Authors:
    """Files on disk and the tensors in them; tests copy before they change any."""

    piq_file: Path
    liqe_file: Path
    piq: dict
    liqe: dict


@pytest.fixture(scope="session")
def authors(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authors")
    files = Authors(folder / "PIQ_model.pth", folder / "LIQE.pt", piq_state(), liqe_state())
    torch.save(files.piq, files.piq_file)
    torch.save(files.liqe, files.liqe_file)
    return files


@pytest.fixture
def save(tmp_path):
    """Saves tensors as a checkpoint under a name and gives the file."""

    def save_as(content, name):
        file = tmp_path / "given" / name
        file.parent.mkdir(exist_ok=True)
        torch.save(content, file)
        return file

    return save_as
