"""Import of the published files: wrapped or bare, and what is refused."""

import json

import pytest
import torch

from piqa_cli.errors import PiqaError
from piqa_cli.weights.importing import import_weights
from piqa_cli.weights.load import load_tensors
from tests.models.reference.musiq import state


def importing(folder, content, name="musiq_spaq_ckpt-358bb6af.pth"):
    torch.save(content, folder / name)
    return load_tensors(import_weights("musiq", [folder / name], folder=folder))


def test_a_bare_and_a_wrapped_file_give_the_same(tmp_path):
    tensors, metadata = importing(tmp_path, state())
    wrapped, _ = importing(tmp_path, {"params": state()})
    assert tensors.keys() == wrapped.keys()
    assert all(torch.equal(tensors[name], wrapped[name]) for name in tensors)
    assert metadata["variant"] == "musiq_spaq_ckpt-358bb6af.pth"
    assert json.loads(metadata["sizes"])["heads"] == 2


def test_ten_outputs_are_read_from_the_file(tmp_path):
    _, metadata = importing(tmp_path, {"params": state(outputs=10)})
    assert json.loads(metadata["sizes"])["outputs"] == 10


def test_the_start_of_training_is_refused_by_name(tmp_path):
    with pytest.raises(PiqaError, match="predicts 1000 classes, no quality"):
        importing(tmp_path, state(outputs=1000))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.pop("conv_root.weight"), "not a file of MUSIQ: lacks conv_root.weight"),
        (lambda s: s.pop("gn_root.bias"), "lacks gn_root.bias"),
        (lambda s: s.update({"head.weight": torch.zeros(9)}), "head.weight has 1 axes, not 2"),
        (lambda s: s.update(extra=torch.zeros(1)), "has the unknown extra"),
        (lambda s: s["head.bias"].fill_(torch.nan), "head.bias holds NaN"),
    ],
)
def test_a_damaged_file_is_refused(change, message, tmp_path):
    content = state()
    change(content)
    with pytest.raises(PiqaError, match=message):
        importing(tmp_path, content)
