"""Import of whole networks in the authors' layout and the re-implementation's."""

import json

import pytest
import torch

from piqa_cli.errors import PiqaError
from piqa_cli.weights.importing import import_weights
from piqa_cli.weights.load import load_tensors
from tests.models.reference.db_cnn import SMALL, state


def importing(folder, content, name="DBCNN_LIVEC-83f6dad3.pth"):
    torch.save(content, folder / name)
    return load_tensors(import_weights("db-cnn", [folder / name], folder=folder))


def test_both_layouts_give_the_same(tmp_path):
    tensors, metadata = importing(tmp_path, {"params": state()})
    counters = {f"module.features2.{3 * i + 1}.num_batches_tracked": torch.ones(()) for i in (0, 8)}
    authors = {f"module.{name}": tensor for name, tensor in state().items()} | counters
    others, _ = importing(tmp_path, authors)
    assert tensors.keys() == others.keys() == state().keys()
    assert all(torch.equal(tensors[name], others[name]) for name in tensors)
    assert metadata["variant"] == "DBCNN_LIVEC-83f6dad3.pth"
    assert json.loads(metadata["sizes"]) == {name: list(widths) for name, widths in SMALL.items()}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.pop("features1.0.weight"), "SCNN alone scores nothing"),
        (lambda s: s.pop("features2.25.running_var"), "lacks features2.25.running_var"),
        (lambda s: s.update(extra=torch.zeros(1)), "has the unknown extra"),
        (lambda s: s.update({"fc.weight": torch.zeros(1, 9)}), "another shape for fc.weight"),
        (lambda s: s["fc.bias"].fill_(torch.inf), "fc.bias holds NaN or infinity"),
    ],
)
def test_a_damaged_file_is_refused(change, message, tmp_path):
    content = state()
    change(content)
    with pytest.raises(PiqaError, match=message):
        importing(tmp_path, content)
