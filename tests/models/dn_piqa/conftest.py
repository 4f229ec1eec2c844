"""The small stand-in of dn-piqa: the authors' two files, and the bundle imported from them."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from skimage import data

from piqa_cli.models.catalogue import MODELS
from piqa_cli.weights.importing import import_weights
from piqa_cli.weights.load import load_tensors
from tests.models.reference.checkpoints import liqe_state, piq_state


@dataclass(frozen=True)
class Published:
    """The content of the authors' files, half precision widened, and the text vectors' source."""

    piq: dict
    liqe: dict


@pytest.fixture(scope="session")
def published():
    liqe = {name: tensor.float() for name, tensor in liqe_state().items()}
    return Published(piq_state(), liqe)


@pytest.fixture(scope="session")
def small_dn_piqa(published, tmp_path_factory):
    """The package's network, from files in the published layout, through the real import."""
    folder = tmp_path_factory.mktemp("dn-piqa")
    torch.save(published.piq, folder / "PIQ_model.pth")
    torch.save(liqe_state(), folder / "LIQE.pt")
    bundle = import_weights(
        "dn-piqa", [folder / "PIQ_model.pth", folder / "LIQE.pt"], folder=folder
    )
    return MODELS["dn-piqa"].build(*load_tensors(bundle))


@pytest.fixture(scope="session")
def pictures():
    """The three pictures of reference/golden.json: slices of scikit-image's (NASA; CC0)."""
    astronaut = data.astronaut()[60:460, 174:474].repeat(3, axis=0).repeat(3, axis=1)
    return {
        "astronaut_tall": astronaut.copy(),
        "coffee": data.coffee(),
        "chelsea_small": data.chelsea()[20:260, 100:356].copy(),
    }


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
