"""The import of the authors' files: every way in which they are met, and what isn't them."""

import json

import pytest
import torch

from piqa_cli.errors import PiqaError
from piqa_cli.weights.importing import import_weights
from piqa_cli.weights.load import load_tensors
from piqa_cli.weights.store import find
from tests.models.reference.checkpoints import SMALL

BUFFERS = ("relative_position_index", "attn_mask")


@pytest.fixture(scope="session")
def bundle(authors, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle")
    return import_weights("dn-piqa", [authors.piq_file, authors.liqe_file], folder=folder)


def as_new_timm(piq):
    """Today's key layout: merging opens the next stage, no derivable buffers."""
    moved = {}
    for name, tensor in piq.items():
        for stage in (2, 1, 0):
            name = name.replace(f"layers.{stage}.downsample", f"layers.{stage + 1}.downsample")
        if not name.endswith(BUFFERS):
            moved[name] = tensor
    return moved


def test_bundle_holds_every_parameter(bundle, authors):
    state, metadata = load_tensors(bundle)
    merged = authors.piq["feature_extraction.feature_extraction.layers.0.downsample.norm.bias"]
    assert torch.equal(state["full.layers.1.downsample.norm.bias"], merged)
    assert torch.equal(state["liqe.visual.proj"], authors.liqe["visual.proj"].float())
    assert {tensor.dtype for tensor in state.values()} == {torch.float32}
    assert state["liqe.text"].shape == (495, SMALL.output)
    assert state["liqe.text"].norm(dim=1) == pytest.approx(torch.ones(495), abs=1e-6)
    assert not [name for name in state if name.endswith(BUFFERS) or "token" in name]
    assert json.loads(metadata["sizes"])["full"] == {
        "embed_dim": 16,
        "depths": [2, 2, 2, 2],
        "num_heads": [1, 2, 4, 8],
        "window_size": 12,
    }


@pytest.mark.parametrize("case", ["again", "no buffers", "new timm", "prefix", "wrapped", "wide"])
def test_every_layout_gives_the_same_bytes(case, *, bundle, authors, save, tmp_path):
    piq, liqe = dict(authors.piq), dict(authors.liqe)
    match case:
        case "no buffers":
            piq = {name: tensor for name, tensor in piq.items() if not name.endswith(BUFFERS)}
        case "new timm":
            piq = as_new_timm(piq)
        case "prefix":
            piq = {f"module.{name}": tensor for name, tensor in piq.items()}
        case "wrapped":
            piq, liqe = {"state_dict": piq, "epoch": 9}, {"model_state_dict": liqe}
        case "wide":
            liqe = {name: tensor.float() for name, tensor in liqe.items()}
    files = save(piq, "PIQ_model.pth"), save(liqe, "LIQE.pt")
    assert import_weights("dn-piqa", files, folder=tmp_path).sha256 == bundle.sha256


def test_imported_weights_are_found(authors, tmp_path, monkeypatch):
    monkeypatch.setenv("PIQA_WEIGHTS", str(tmp_path / "new" / "folder"))
    bundle = import_weights(
        "dn-piqa", [authors.piq_file, authors.liqe_file], folder=tmp_path / "new" / "folder"
    )
    assert find("dn-piqa") == bundle
    assert [source.name for source in bundle.sources] == ["PIQ_model.pth", "LIQE.pt"]
    assert sorted(file.name for file in bundle.path.parent.iterdir()) == [
        "dn-piqa.json",
        "dn-piqa.safetensors",
    ]


def refusal(piq_file, liqe_file, folder):
    """The one line that an import is refused with; nothing may have been written."""
    with pytest.raises(PiqaError) as refused:
        import_weights("dn-piqa", [piq_file, liqe_file], folder=folder / "out")
    assert not (folder / "out").exists()
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_swapped_files_are_told(authors, tmp_path):
    piq, liqe = authors.piq_file, authors.liqe_file
    assert refusal(liqe, piq, tmp_path) == (
        f"{liqe} is LIQE's LIQE.pt and {piq} is DN-PIQA's PIQ_model.pth: "
        f"swap them: `piqa-cli weights import dn-piqa {piq} {liqe}`"
    )


def test_one_file_given_twice(authors, tmp_path):
    piq, liqe = authors.piq_file, authors.liqe_file
    assert refusal(piq, piq, tmp_path) == f"{piq}: not LIQE's LIQE.pt: lacks visual.conv1.weight"
    assert refusal(liqe, liqe, tmp_path) == (
        f"{liqe}: not DN-PIQA's PIQ_model.pth: lacks quality.0.weight"
    )


@pytest.mark.parametrize("damage", ["truncated", "text", "empty"])
def test_damaged_file_is_named(damage, authors, tmp_path):
    file = tmp_path / "PIQ_model.pth"
    whole = authors.piq_file.read_bytes()
    file.write_bytes({"truncated": whole[:100_000], "text": b"not weights\n", "empty": b""}[damage])
    assert refusal(file, authors.liqe_file, tmp_path) == (
        f"{file}: no PyTorch weights file, or a damaged one: "
        "compare its size with the original and fetch it again"
    )


def test_missing_file_is_named(authors, tmp_path):
    file = tmp_path / "PIQ_model.pth"
    assert refusal(file, authors.liqe_file, tmp_path) == (
        f"{file} is no file: give PIQ_model.pth and LIQE.pt, in this order"
    )


@pytest.mark.parametrize(
    ("model", "files", "message"),
    [
        ("dn-piqa", 1, "dn-piqa has 2 files, 1 named: give PIQ_model.pth and LIQE.pt, in this"),
        ("dn-piqa-mini", 2, "the weights of dn-piqa-mini ship with piqa-cli"),
        ("bdvqa", 1, "nobody publishes weights of bdvqa: train your own with `piqa-cli train"),
        ("musiq", 2, r"musiq has 1 file, 2 named: give musiq_koniq_ckpt-e95806b9.pth$"),
        (
            "PIQ_model.pth",
            1,
            "unknown model 'PIQ_model.pth': choose one of .*dn-piqa, dn-piqa-mini",
        ),
    ],
)
def test_model_and_number_of_files_are_checked(model, files, message, *, authors, tmp_path):
    with pytest.raises(PiqaError, match=message):
        import_weights(model, [authors.liqe_file] * files, folder=tmp_path)


def test_code_in_a_file_never_runs(authors, save, tmp_path):
    file = save({"quality.0.weight": torch.nn.Linear(2, 2)}, "PIQ_model.pth")  # a pickled object
    assert "refused, nothing of it was run" in refusal(file, authors.liqe_file, tmp_path)


def test_entries_that_are_no_tensors(authors, save, tmp_path):
    file = save({"quality.0.weight": 3}, "PIQ_model.pth")
    assert refusal(file, authors.liqe_file, tmp_path) == (
        f"{file}: entry 'quality.0.weight' is no named tensor"
    )


FULL = "feature_extraction.feature_extraction."
SWIN = "Swin transformer of the full branch"
MLP = "quality MLP of DN-PIQA"


@pytest.mark.parametrize(
    ("drop", "add", "message"),
    [
        (FULL + "norm.weight", {}, f"{SWIN}: lacks norm.weight"),
        (FULL + "layers.3.blocks.0", {}, f"{SWIN}: lacks layers.3.blocks.0."),
        (FULL, {}, f"{SWIN}: lacks layers.0.blocks.0.attn.relative_position_bias_table"),
        ("-", {FULL + "head.weight": (9, 128)}, f"{SWIN}: has the unknown head.weight"),
        ("-", {FULL + "norm.bias": (9,)}, f"{SWIN}: has another shape for norm.bias"),
        ("-", {"quality.0.weight": (16, 256)}, f"{MLP}: has another shape for quality.0.weight"),
        ("-", {"quality.5.bias": (1,)}, f"{MLP}: has the unknown quality.5.bias"),
        ("-", {"quality.3.bias": ()}, f"{MLP}: has another shape for quality.3.bias"),
    ],
)
def test_piq_model_is_checked_strictly(drop, add, message, *, authors, save, tmp_path):
    piq = {name: tensor for name, tensor in authors.piq.items() if not name.startswith(drop)}
    piq |= {name: torch.zeros(shape) for name, shape in add.items()}
    file = save(piq, "PIQ_model.pth")
    assert refusal(file, authors.liqe_file, tmp_path).startswith(f"{file}: {message}")


@pytest.mark.parametrize(
    ("drop", "add", "message"),
    [
        ("visual.proj", {}, "lacks visual.proj"),
        ("token_embedding", {"token_embedding.weight": (9, 128)}, "has another shape for token_"),
        ("-", {"head": (3,)}, "has the unknown head"),
    ],
)
def test_liqe_is_checked_strictly(drop, add, message, *, authors, save, tmp_path):
    liqe = {name: tensor for name, tensor in authors.liqe.items() if not name.startswith(drop)}
    liqe |= {name: torch.zeros(shape) for name, shape in add.items()}
    file = save(liqe, "LIQE.pt")
    found = refusal(authors.piq_file, file, tmp_path)
    assert found.startswith(f"{file}: CLIP of LIQE: {message}")


def test_numbers_that_are_none_are_found(authors, save, tmp_path):
    file = save(authors.piq | {"quality.3.bias": torch.tensor([float("nan")])}, "PIQ_model.pth")
    assert refusal(file, authors.liqe_file, tmp_path) == (
        f"{file}: damaged: quality MLP of DN-PIQA: quality.3.bias holds NaN or infinity"
    )


def test_unwritable_folder_is_named(authors, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PiqaError, match=r"file: weights can't be written: .*File exists"):
        import_weights("dn-piqa", [authors.piq_file, authors.liqe_file], folder=tmp_path / "file")
