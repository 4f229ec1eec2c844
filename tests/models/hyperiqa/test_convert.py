"""Both published layouts become the same tensors; anything else is refused by name."""

import numpy as np
import pytest
import torch

from piqa_cli.errors import PiqaError
from piqa_cli.models.hyperiqa.convert import convert
from piqa_cli.models.spec import Checkpoint
from tests.models.reference import hyperiqa as reference


def test_both_layouts_become_the_same_tensors(bundles):
    (authors, ours), (other, theirs) = bundles["authors"], bundles["reimplementation"]
    assert authors.keys() == other.keys()
    assert all(torch.equal(authors[name], other[name]) for name in authors)
    assert (ours["cutting"], theirs["cutting"]) == ("stretched", "grid")
    assert ours == theirs | {"cutting": "stretched"}


def test_every_tensor_but_counters_of_training_is_kept(authors_state, bundles):
    expected = reference.renamed(authors_state, 2)
    counters = [name for name in expected if name.endswith("num_batches_tracked")]
    found = bundles["authors"][0]
    assert found.keys() == {f"hyper.{name}" for name in expected.keys() - counters}
    assert all(torch.equal(found[f"hyper.{n}"], expected[n]) for n in expected.keys() - counters)


def test_the_published_layouts_hold_355_tensors():
    shapes = reference.shapes(**reference.PUBLISHED)
    assert len(shapes) == len(reference.renamed(shapes, 1)) == 355


def test_files_of_old_versions_of_torch_lack_counters(authors_state, tmp_path):
    state = {n: t for n, t in authors_state.items() if not n.endswith("num_batches_tracked")}
    tensors, _ = convert([Checkpoint(tmp_path, state)])
    assert len(tensors) == len(state)


@pytest.mark.parametrize(
    ("layout", "drop", "add", "message"),
    [
        (0, "fc3b_fc.bias", {}, "lacks hyper.biases.2.bias"),
        (1, "lda_modules.3.2.bias", {}, "lacks hyper.local.3.project.bias"),
        (1, "conv1.4.weight", {}, "lacks hyper.features.4.weight"),
        (0, "-", {"fc6w_fc.weight": (1,)}, "has the unknown fc6w_fc.weight"),
        (0, "-", {"res.fc.bias": (9,)}, "has the unknown hyper.backbone.fc.bias"),
        (0, "-", {"fc5b_fc.bias": (2,)}, "has another shape for hyper.biases.4.bias"),
        (1, "-", {"fc_w_modules.4.weight": (14, 56)}, "several tensors stand for one"),
    ],
)
def test_files_are_checked_strictly(layout, drop, add, message, *, authors_state, tmp_path):
    state = reference.renamed(authors_state, layout)
    state = {name: tensor for name, tensor in state.items() if name != drop}
    state |= {name: torch.zeros(shape) for name, shape in add.items()}
    with pytest.raises(PiqaError) as refused:
        convert([Checkpoint(tmp_path / "file.pkl", state)])
    assert str(refused.value) == f"{tmp_path / 'file.pkl'}: network of HyperIQA: {message}"


def test_a_file_of_another_network_is_refused(tmp_path):
    with pytest.raises(PiqaError, match=r"no file of HyperIQA: lacks res\.conv1\.weight"):
        convert([Checkpoint(tmp_path, {"conv1.weight": torch.zeros(1)})])


def test_numbers_that_are_none_are_found(authors_state, tmp_path):
    broken = authors_state | {"fc5b_fc.bias": torch.tensor([np.nan])}
    with pytest.raises(PiqaError, match=r"hyper\.biases\.4\.bias holds NaN or infinity"):
        convert([Checkpoint(tmp_path, broken)])
