"""The import of DE.pt and IQA.pt: both together, and nothing else."""

import json

import pytest
import torch

from piqa_cli.errors import PiqaError
from piqa_cli.weights.importing import import_weights
from piqa_cli.weights.load import load_tensors


def without(state, name):
    return {key: tensor for key, tensor in state.items() if key != name}


def test_the_bundle_holds_all_that_a_score_hangs_on(tiny_states, save, tmp_path):
    encoder, body = tiny_states
    state, metadata = load_tensors(import_weights("dsl-fiqa", save(encoder, body), folder=tmp_path))
    assert torch.equal(state["de.E.6.weight"], encoder["E.6.weight"])
    assert torch.equal(state["iqa.fc_score.3.bias"], body["fc_score.3.bias"])
    unused = ("blocks.10", "blocks.11", "head", "testmlp", "downsample", "query", "mask", "de.mlp")
    assert not [name for name in state if any(part in name for part in unused)]
    assert json.loads(metadata["sizes"]) == {
        "vit": {"side_px": 48, "patch_px": 6, "width": 64, "depth": 10, "heads": 1},
        "swin": {"window": 4, "depths": [2, 2], "heads": [4, 4], "hidden": 48},
        "channel_attentions": 2,
        "encoder": [8, 16, 32],
        "decoder": {"depth": 3, "hidden": 128},
        "points": 70,
    }


def test_files_saved_by_parallel_training_give_the_same_bytes(tiny_states, save, tmp_path):
    plain = import_weights("dsl-fiqa", save(*tiny_states), folder=tmp_path / "a")
    wrapped = [{f"module.{n}": t for n, t in state.items()} for state in tiny_states]
    again = import_weights("dsl-fiqa", save(*wrapped), folder=tmp_path / "b")
    assert again.sha256 == plain.sha256


def test_what_no_score_hangs_on_may_be_left_out_before(tiny_states, save, tmp_path):
    plain = import_weights("dsl-fiqa", save(*tiny_states), folder=tmp_path / "a")
    unused = ("mlp.", "vit.head.", "vit.blocks.11.", "testmlp.")
    slim = [{n: t for n, t in state.items() if not n.startswith(unused)} for state in tiny_states]
    assert len(slim[0]) < len(tiny_states[0])
    again = import_weights("dsl-fiqa", save(*slim), folder=tmp_path / "b")
    assert again.sha256 == plain.sha256


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda e, b: (b, e), "swap them"),
        (lambda e, b: (b, b), "DE.pt: not DSL-FIQA's DE.pt: lacks E.0.weight"),
        (lambda e, b: (e, e), "IQA.pt: not DSL-FIQA's IQA.pt: lacks conv_decoder.weight"),
        (lambda e, b: (without(e, "E.15.bias"), b), "lacks E.15.bias"),
        (lambda e, b: (e, without(b, "vit.blocks.9.norm1.bias")), "lacks vit.blocks.9"),
        (lambda e, b: (e, b | {"vit.blocks.12.norm1.bias": torch.ones(64)}), "the unknown vit.bl"),
        (lambda e, b: (e, b | {"extra.weight": torch.ones(2)}), "has the unknown extra.weight"),
        (lambda e, b: (e, b | {"conv1.bias": torch.ones(2)}), "another shape for conv1.bias"),
        (lambda e, b: (e, b | {"conv1.bias": torch.full((64,), torch.nan)}), "holds NaN"),
        (lambda e, b: (e, b | {"vit.pos_embed": torch.ones(3)}), "has 1 axes, not 3"),
        (lambda e, b: (e, without(b, "decoder.0.mlp.fc1.bias")), "lacks decoder.0.mlp.fc1.bias"),
        (lambda e, b: (e | {"E.12.bias": torch.ones(())}, b), "has 0 axes, not 1"),
        (lambda e, b: (e, b | {"vit.pos_embed": torch.ones(1, 50, 64)}), "no network has its"),
        (lambda e, b: (e, b | {"vit.pos_embed": torch.ones(1, 0, 64)}), "no network has its"),
    ],
)
def test_other_files_are_refused(damage, message, *, tiny_states, save, tmp_path):
    with pytest.raises(PiqaError, match=message):
        import_weights("dsl-fiqa", save(*damage(*tiny_states)), folder=tmp_path)
