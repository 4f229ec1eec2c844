from __future__ import annotations

import pytest
import torch
from safetensors.torch import save_file

from piqa_cli.errors import MissingPartError, PiqaError
from piqa_cli.resources import weights_dir
from piqa_cli.train.dn_piqa.options import DnPiqaSettings
from piqa_cli.train.dn_piqa.start import branch_of, start_network
from piqa_cli.weights.importing import import_weights
from tests.models.reference.checkpoints import FACE, FULL, liqe_state, piq_state
from tests.train_dn_piqa.conftest import TINY


@pytest.fixture
def authors(tmp_path):
    torch.save(piq_state(TINY), tmp_path / "PIQ_model.pth")
    torch.save(liqe_state(TINY), tmp_path / "LIQE.pt")
    return tmp_path


def test_branches_come_from_files_under_any_prefix(starts, tmp_path):
    piq = piq_state(TINY)
    settings = DnPiqaSettings(
        tmp_path, start_full=starts.full, start_face=starts.face, liqe=starts.liqe
    )
    start = start_network(settings)
    assert torch.equal(start.model.full.norm.weight, piq[f"{FULL}norm.weight"])
    assert torch.equal(start.model.face.norm.weight, piq[f"{FACE}norm.weight"])
    assert start.fresh == ("quality",)
    assert [source.name for source in start.sources] == ["full.pth", "face.pth", "LIQE.pt"]


def test_a_file_of_timm_has_no_prefix_and_a_head(starts, tmp_path):
    tensors, sizes = branch_of(starts.full, "full")
    plain = {name.removeprefix("full."): tensor for name, tensor in tensors.items()}
    save_file({**plain, "head.fc.weight": torch.zeros(9, 64)}, tmp_path / "timm.safetensors")
    again, same = branch_of(tmp_path / "timm.safetensors", "face")
    assert same == sizes
    assert torch.equal(again["face.norm.bias"], tensors["full.norm.bias"])


def test_of_a_file_with_both_branches_the_right_one_is_taken(authors):
    tensors, _ = branch_of(authors / "PIQ_model.pth", "face")
    assert torch.equal(tensors["face.norm.weight"], piq_state(TINY)[f"{FACE}norm.weight"])


def test_the_imported_bundle_gives_everything(authors, tmp_path):
    bundle = import_weights(
        "dn-piqa", [authors / "PIQ_model.pth", authors / "LIQE.pt"], folder=weights_dir()
    )
    start = start_network(DnPiqaSettings(tmp_path, start="imported"))
    assert start.fresh == ()
    assert [source.sha256 for source in start.sources] == [bundle.sha256]
    quality = piq_state(TINY)["quality.0.weight"]
    assert torch.equal(start.model.quality[0].weight, quality)


def test_a_fresh_branch_is_as_large_as_the_other_and_the_seeds(starts, tmp_path):
    settings = DnPiqaSettings(tmp_path, start_face=starts.face, liqe=starts.liqe)
    one, two = start_network(settings), start_network(settings)
    assert one.fresh == ("full", "quality")
    assert one.model.full.norm.weight.shape == (64,)
    first, second = (s.model.full.layers[0].blocks[0].mlp.fc1.weight for s in (one, two))
    assert torch.equal(first, second)
    assert float(first.detach().std()) == pytest.approx(0.02, rel=0.3)


def test_without_liqe_it_says_how_to_name_it(starts, tmp_path):
    settings = DnPiqaSettings(tmp_path, start_full=starts.full)
    with pytest.raises(MissingPartError, match=r"LIQE is needed: name --liqe LIQE\.pt, or no we"):
        start_network(settings)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"fc.weight": torch.zeros(2)}, "no weights of a Swin transformer"),
        ({"patch_embed.proj.weight": torch.zeros(8, 3, 4, 4)}, "full branch: lacks layers.0"),
    ],
)
def test_a_file_without_the_branch_is_named(tmp_path, content, message):
    torch.save(content, tmp_path / "other.pth")
    with pytest.raises(PiqaError, match=rf"other\.pth: .*{message}"):
        branch_of(tmp_path / "other.pth", "full")
